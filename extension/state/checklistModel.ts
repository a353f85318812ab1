import type { ChecklistView } from '../../daemon/protocol/checklist.ts';
import { AheadReads } from './aheadReads.ts';
import { mayChangeGates } from './changedKeys.ts';
import type { ChecklistState, CheckWord } from './checklistState.ts';
import {
  type ChecklistSubject,
  decideSubject,
  isPresent,
  isSameSubject,
  parseSubject,
} from './checklistSubject.ts';
import type { DaemonPort } from './daemonPort.ts';
import { Emitter } from './emitter.ts';
import type { ItemTarget } from './itemTarget.ts';
import { readFailure } from './readFailure.ts';
import type { ReleaseStore } from './releaseStore.ts';
import type { StoreKey } from './storeState.ts';
import { type Memento, ViewPresence } from './viewPresence.ts';

const pinKey = 'slipway.checklist.pinned';
const openKey = 'slipway.checklist.open';

/** Changes of clusters come in storms; gates are read again at most this often, in milliseconds. */
const rereadMs = 250;

/** Keeps the checklist of what is selected, or pinned, equal to what the daemon says, while somebody looks at it. */
export class ChecklistModel {
  readonly #daemon: DaemonPort;
  readonly #store: ReleaseStore;
  readonly #memento: Memento;
  readonly #changes: Emitter<ChecklistState>;
  readonly #ends: readonly (() => void)[];
  #state: ChecklistState;
  #selected: ItemTarget = {};
  readonly #presence: ViewPresence;
  #again = false;
  readonly #ahead = new AheadReads();
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(parts: {
    readonly daemon: DaemonPort;
    readonly store: ReleaseStore;
    readonly memento: Memento;
    readonly onError: (error: unknown) => void;
  }) {
    this.#daemon = parts.daemon;
    this.#store = parts.store;
    this.#memento = parts.memento;
    this.#changes = new Emitter(parts.onError);
    const pinned = parseSubject(parts.memento.get(pinKey));
    this.#state = {
      pinned: pinned !== undefined,
      reading: false,
      busy: new Set(),
      ...(pinned ? { subject: pinned } : {}),
    };
    this.#presence = new ViewPresence(parts.memento, openKey);
    this.#ends = [
      parts.store.onDidChange(changed => {
        if (changed.has('daemon') && this.#store.state.daemon.state === 'connected') {
          this.#forget();
        }
        this.#choose();
        this.#readChanged(changed);
      }),
      parts.daemon.on('checklist.changed', ({ repositoryId }) => {
        if (repositoryId === this.#state.subject?.repositoryId) {
          void this.#read();
        }
      }),
    ];
  }

  get state(): ChecklistState {
    return this.#state;
  }

  /** True while what is shown is read again whenever it may have changed. */
  get isFollowed(): boolean {
    return this.#presence.isFollowed;
  }

  /** Hears each change; returns how to stop hearing. */
  onDidChange(listener: (state: ChecklistState) => void): () => void {
    return this.#changes.on(listener);
  }

  /** Says what was selected; rows that are about no release and no environment change nothing. */
  select(target: ItemTarget): void {
    const subject = decideSubject(this.#store.state, target);
    if (subject) {
      this.#selected = target;
      if (!this.#state.pinned) {
        this.#show(subject);
      }
    }
  }

  /** Keeps what is shown, whatever is selected from now on; `undefined` lets it follow the selection again. */
  pin(subject: ChecklistSubject | undefined): void {
    void this.#memento.update(pinKey, subject);
    const { subject: shown, ...state } = this.#state;
    const kept = subject ?? shown;
    this.#set({ ...state, pinned: subject !== undefined, ...(kept ? { subject: kept } : {}) });
    this.#show(subject ?? this.#follow());
  }

  /** Nothing is read while nobody looks, or is about to. */
  setVisible(visible: boolean): void {
    const wasFollowed = this.isFollowed;
    this.#presence.setVisible(visible);
    if (visible) {
      this.#choose();
      // What is being read, or was read while the view was on its way, is what is so.
      if (!wasFollowed || this.#isUnread) {
        void this.#read();
      }
    }
  }

  /** Remembers over a reload of the window whether the view is on the screen. */
  keepOpen(open: boolean): void {
    this.#presence.keepOpen(open);
  }

  /** Ticks a check of the subject for what the person saw; rejects with the daemon's answer. */
  async tick(word: CheckWord): Promise<void> {
    await this.#say(word.checkId, subject => this.#daemon.request('checklist.tick', { ...subject, ...word }));
  }

  /** Takes a tick back. */
  async untick({ checkId, digest }: CheckWord): Promise<void> {
    await this.#say(checkId, subject =>
      this.#daemon.request('checklist.untick', { ...subject, checkId, digest }),
    );
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#ahead.forget();
    this.#presence.dispose();
    for (const end of this.#ends) {
      end();
    }
  }

  /** What is gone from the repository is not shown any more, pinned or not. */
  #choose(): void {
    const { subject, pinned } = this.#state;
    const { repositories } = this.#store.state;
    if (pinned && subject) {
      const isGone = repositories.has(subject.repositoryId) && !isPresent(this.#store.state, subject);
      if (isGone) {
        this.pin(undefined);
      }
      return;
    }
    // What is shown does not change under the person's eyes: a promotion that ends makes another release the next one.
    if (!subject || !isPresent(this.#store.state, subject)) {
      this.#show(this.#follow());
    }
  }

  /** What is selected; where that says nothing, what is shown already, as long as it is there. */
  #follow(): ChecklistSubject | undefined {
    const { subject } = this.#state;
    const kept = subject && isPresent(this.#store.state, subject) ? subject : undefined;
    return decideSubject(this.#store.state, this.#selected) ?? kept;
  }

  /** Another daemon may have another journal: its answers are not compared with those of the one before. */
  #forget(): void {
    this.#ahead.forget();
    const { view, ...state } = this.#state;
    if (view) {
      this.#set({ ...state, view: { ...view, sequence: 0 }, busy: new Set() });
    }
  }

  #show(subject: ChecklistSubject | undefined): void {
    if (isSameSubject(subject, this.#state.subject)) {
      return;
    }
    const { pinned } = this.#state;
    this.#set({ pinned, reading: false, busy: new Set(), ...(subject ? { subject } : {}) });
    void this.#read();
  }

  get #isUnread(): boolean {
    const { view, problem, reading } = this.#state;
    return view === undefined && problem === undefined && !reading;
  }

  #readChanged(changed: ReadonlySet<StoreKey>): void {
    if (this.#isUnread) {
      // Somebody waits for it.
      void this.#read();
    } else if (mayChangeGates(changed)) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        void this.#read();
      }, rereadMs);
    }
  }

  /** Asks the daemon; one question at a time, and once more when something changed meanwhile. */
  async #read(): Promise<void> {
    const { subject, reading } = this.#state;
    if (!this.isFollowed || !subject || this.#disposed || this.#store.state.daemon.state !== 'connected') {
      return;
    }
    if (!(this.#isKnown(subject) || this.#ahead.take())) {
      return;
    }
    if (reading) {
      this.#again = true;
      return;
    }
    this.#set({ ...this.#state, reading: true });
    const wasKnown = this.#isKnown(subject);
    try {
      this.#take(subject, await this.#daemon.request('checklist.read', subject));
    } catch (error) {
      this.#fail(subject, error, wasKnown);
    }
    if (this.#again && isSameSubject(subject, this.#state.subject)) {
      this.#again = false;
      await this.#read();
    }
  }

  async #say(checkId: string, ask: (subject: ChecklistSubject) => Promise<ChecklistView>): Promise<void> {
    const { subject } = this.#state;
    if (!subject) {
      return;
    }
    this.#set({ ...this.#state, busy: new Set([...this.#state.busy, checkId]) });
    try {
      this.#take(subject, await ask(subject));
    } finally {
      const busy = new Set([...this.#state.busy].filter(id => id !== checkId));
      this.#set({ ...this.#state, busy });
      // A refusal too: what the person saw was old.
      void this.#read();
    }
  }

  #take(subject: ChecklistSubject, view: ChecklistView): void {
    if (isSameSubject(subject, this.#state.subject)) {
      const { problem: _, ...state } = this.#state;
      // An answer that was overtaken by a tick's says nothing new.
      const isOlder = state.view !== undefined && view.sequence < state.view.sequence;
      this.#set({ ...state, ...(isOlder ? {} : { view }), reading: false });
      this.#readAheadAgain(subject);
    }
  }

  #readAheadAgain(subject: ChecklistSubject): void {
    const isAhead = () => this.#state.subject !== undefined && !this.#isKnown(this.#state.subject);
    if (!this.#isKnown(subject)) {
      this.#ahead.askAgain(() => void (isAhead() && this.#read()));
    }
  }

  #fail(subject: ChecklistSubject, error: unknown, wasKnown: boolean): void {
    if (isSameSubject(subject, this.#state.subject)) {
      const { problem: _, ...state } = this.#state;
      // Where it was asked for ahead, the daemon has yet to open the repository: it is asked again once it has.
      this.#set({ ...state, reading: false, ...(wasKnown ? { problem: readFailure(error) } : {}) });
      this.#again ||= !wasKnown && this.#isKnown(subject);
      if (state.view) {
        // What is shown would grow old; where nothing is shown, the opening of the repository brings the answer.
        this.#readAheadAgain(subject);
      }
    }
  }

  #isKnown({ repositoryId }: ChecklistSubject): boolean {
    return this.#store.state.repositories.has(repositoryId);
  }

  #set(state: ChecklistState): void {
    if (!this.#disposed) {
      this.#state = state;
      this.#changes.emit(state);
    }
  }
}
