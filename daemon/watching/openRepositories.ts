import { realpath } from 'node:fs/promises';
import { SlipwayError } from '../protocol/errors.ts';
import { buildRepositoryId, findRepository, readGitMark } from '../sources/releases/findRepository.ts';
import { OpenRepository, type OpenRepositoryOptions } from './openRepository.ts';

/** What opening repositories works with; asked for at the first one, since finding tools may take seconds. */
export type OpenRepositoriesOptions = { readonly prepare: () => Promise<OpenRepositoryOptions> };

type Entry = {
  readonly repository: OpenRepository;
  readonly opened: Promise<void>;
  /** What told its `.git` from others when git was asked last. */
  mark: string | undefined;
};

/** The repositories that windows, or running promotions, have open; each is read and watched once. */
export class OpenRepositories {
  readonly #options: OpenRepositoriesOptions;
  readonly #open = new Map<string, Entry>();

  constructor(options: OpenRepositoriesOptions) {
    this.#options = options;
  }

  /** Opens the repository that holds a folder. Throws `noRepository`, `toolMissing` without git. */
  async open(folder: string): Promise<OpenRepository> {
    const options = await this.#options.prepare();
    const entry = (await this.#findUnchanged(folder)) ?? (await this.#find(folder, options));
    try {
      await entry.opened;
    } catch (error) {
      this.#open.delete(entry.repository.id);
      entry.repository.dispose();
      throw error;
    }
    return entry.repository;
  }

  /** A window that is loaded anew opens what is open already: git has said of this `.git` what it would say again. */
  async #findUnchanged(folder: string): Promise<Entry | undefined> {
    const top = await realpath(folder).catch(() => '');
    const entry = this.#open.get(buildRepositoryId(top));
    return entry?.mark !== undefined && entry.mark === (await readGitMark(top)) ? entry : undefined;
  }

  async #find(folder: string, options: OpenRepositoryOptions): Promise<Entry> {
    const found = await findRepository(options.git, folder);
    const mark = await readGitMark(found.folder);
    const known = this.#open.get(found.id);
    if (known) {
      known.mark = mark;
      return known;
    }
    const repository = new OpenRepository(found, options);
    const entry = { repository, mark, opened: repository.open() };
    this.#open.set(found.id, entry);
    return entry;
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
