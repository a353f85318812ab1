/** Run by VS Code at its next start after Slipway was uninstalled (`vscode:uninstall` in package.json), for 5 s at most. */
uninstall().catch((error: unknown) => {
  process.stderr.write(`Slipway: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function uninstall(): Promise<void> {
  const { uninstallDaemon } = await import('./state/openConnection.ts');
  for (const sentence of await uninstallDaemon()) {
    process.stdout.write(`Slipway: ${sentence}\n`);
  }
}
