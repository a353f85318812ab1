// A page imports its style sheet, and the build writes it to a file beside the bundle.
declare module '*.css';
