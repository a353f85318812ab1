import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';

/**
 * The toolkit's elements, of which each page takes those that it shows: what it does not import is not in its bundle. The
 * toolkit is archived: this is the only file that imports it, and it takes only what its successor has under the same
 * names.
 */
export { vsCodeButton, vsCodeCheckbox, vsCodeProgressRing };

/** Makes elements known to the page: `registerControls(vsCodeCheckbox())`. */
export function registerControls(
  ...controls: readonly ReturnType<typeof vsCodeButton | typeof vsCodeCheckbox | typeof vsCodeProgressRing>[]
): void {
  provideVSCodeDesignSystem().register(...controls);
}
