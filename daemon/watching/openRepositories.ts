import { SlipwayError } from '../protocol/errors.ts';
import { findRepository } from '../sources/releases/findRepository.ts';
import { OpenRepository, type OpenRepositoryOptions } from './openRepository.ts';

/** What opening repositories works with; asked for at the first one, since finding tools may take seconds. */
export type OpenRepositoriesOptions = { readonly prepare: () => Promise<OpenRepositoryOptions> };

/** The repositories that windows, or running promotions, have open; each is read and watched once. */
export class OpenRepositories {
  readonly #options: OpenRepositoriesOptions;
  readonly #open = new Map<string, { readonly repository: OpenRepository; readonly opened: Promise<void> }>();

  constructor(options: OpenRepositoriesOptions) {
    this.#options = options;
  }

  /** Opens the repository that holds a folder. Throws `noRepository`, `toolMissing` without git. */
  async open(folder: string): Promise<OpenRepository> {
    const options = await this.#options.prepare();
    const found = await findRepository(options.git, folder);
    let entry = this.#open.get(found.id);
    if (!entry) {
      const repository = new OpenRepository(found, options);
      entry = { repository, opened: repository.open() };
      this.#open.set(found.id, entry);
    }
    try {
      await entry.opened;
    } catch (error) {
      this.#open.delete(found.id);
      entry.repository.dispose();
      throw error;
    }
    return entry.repository;
  }

  /** An open repository by its id. Throws `noRepository`. */
  get(id: string): OpenRepository {
    const entry = this.#open.get(id);
    if (!entry) {
      throw new SlipwayError('noRepository', `The repository ${id} is not open.`);
    }
    return entry.repository;
  }

  /** An open repository by its id once it has been read; `undefined` when nobody has it open, or it cannot be read. */
  async findRead(id: string): Promise<OpenRepository | undefined> {
    const entry = this.#open.get(id);
    return entry?.opened.then(
      () => entry.repository,
      () => undefined,
    );
  }

  /** An open repository by its id, if it is open; it may not have been read yet. */
  find(id: string): OpenRepository | undefined {
    return this.#open.get(id)?.repository;
  }

  /** Ends every watch. */
  dispose(): void {
    for (const { repository } of this.#open.values()) {
      repository.dispose();
    }
    this.#open.clear();
  }
}
