import * as vscode from 'vscode';
import { readFailure } from '../state/readFailure.ts';

/** Runs a task with a notice that can cancel it; undefined when the person did. */
export async function runCancellable<T>(
  title: string,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_progress, token) => {
    const controller = new AbortController();
    const registration = token.onCancellationRequested(() => controller.abort());
    try {
      return await task(controller.signal);
    } catch (error) {
      if (controller.signal.aborted && readFailure(error).code === 'cancelled') {
        return undefined;
      }
      throw error;
    } finally {
      registration.dispose();
    }
  });
}

/** Runs a task while the Releases view shows that something goes on. */
export async function runInView<T>(task: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: 'slipway.releases' } }, task);
}
