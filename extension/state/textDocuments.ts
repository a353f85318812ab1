import { Emitter } from './emitter.ts';

/** Texts that commands write and the editor shows read-only, by path. */
export class TextDocuments {
  readonly #texts = new Map<string, string>();
  readonly #changes: Emitter<string>;

  constructor(onError: (error: unknown) => void) {
    this.#changes = new Emitter(onError);
  }

  read(path: string): string | undefined {
    return this.#texts.get(path);
  }

  write(path: string, text: string): void {
    this.#texts.set(path, text);
    this.#changes.emit(path);
  }

  /** Lets a text go that nobody shows any more. */
  forget(path: string): void {
    this.#texts.delete(path);
  }

  /** Hears the path of each text that was written; returns how to stop hearing. */
  onDidWrite(listener: (path: string) => void): () => void {
    return this.#changes.on(listener);
  }
}
