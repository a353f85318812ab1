/** The Debian packages that the sandbox and the tests need, each with a file that tells that it is installed. */
export const systemPackages = [
  { name: 'git', file: '/usr/bin/git' },
  { name: 'chromium', file: '/usr/bin/chromium' },
  // code-server builds a native module against it.
  { name: 'libkrb5-dev', file: '/usr/include/gssapi/gssapi.h' },
];
