import type { LogView } from '../../daemon/protocol/log.ts';
import { removeEscapes } from '../protocol/escapeSequences.ts';
import type { FromLogPage, KeptLog, ToLogPage } from '../protocol/logMessages.ts';
import type { LogWords } from '../protocol/logWords.ts';
import { buildFindBar, listenToFindKeys } from './buildFindBar.ts';
import { buildFooter, type Footer } from './buildFooter.ts';
import { buildPageFrame, type PageFrame } from './buildPageFrame.ts';
import { buildRowPrefix } from './buildRowPrefix.ts';
import { readShownSources } from './buildSourcesBox.ts';
import { buildFilter, buildKept, decideContainers } from './keptLog.ts';
import { listenToDeeds } from './listenToDeeds.ts';
import { LogDocument } from './logDocument.ts';
import { LogFiltering } from './logFiltering.ts';
import { LogFinder } from './logFinder.ts';
import { LogReader } from './logReader.ts';
import { type Entry, findText, parseEntry } from './parseEntry.ts';
import { buildPodTags } from './podTags.ts';
import { Questions, Refusal } from './questions.ts';

type Opened = Extract<ToLogPage, { readonly type: 'opened' }>;

/** What a page needs of its surroundings. */
export type LogPageParts = {
  readonly page: HTMLElement;
  readonly nonce: string;
  readonly send: (message: FromLogPage) => void;
  readonly keep: (kept: KeptLog) => void;
  readonly kept: KeptLog | undefined;
};

/** What is kept is written this long after a change, in milliseconds: scrolling changes it all the time. */
const keepMs = 300;

/** Pods come in crowds: the filter that hides some is made anew this long after the first, in milliseconds. */
const sourcesMs = 300;

/** The page of one log. */
export class LogPage {
  readonly #parts: LogPageParts;
  readonly #words: LogWords;
  readonly #write: (value: number) => string;
  readonly #questions: Questions;
  readonly #document: LogDocument;
  readonly #reader: LogReader;
  readonly #finder: LogFinder;
  readonly #filtering: LogFiltering;
  readonly #frame: PageFrame;
  readonly #footer: Footer;
  #log: LogView;
  #kept: KeptLog;
  #tags: ReturnType<typeof buildPodTags>;
  #trouble = '';
  /** The ids that the filter lets through; undefined for all. */
  #shownSources: number[] | undefined;
  #keepTimer: number | undefined;
  #sourcesTimer: number | undefined;

  constructor(parts: LogPageParts, opened: Opened) {
    this.#parts = parts;
    this.#words = opened.words;
    this.#log = opened.log;
    this.#tags = buildPodTags(opened.log.sources);
    this.#kept = buildKept(opened, parts.kept);
    const { format } = new Intl.NumberFormat(document.documentElement.lang);
    this.#write = value => format(value);
    this.#questions = new Questions(parts.send);
    const findBar = buildFindBar(this.#words, {
      look: (pattern, direction) => void this.#finder.look(pattern, direction),
      changed: pattern => this.#finder.change(pattern),
      close: () => {
        this.#finder.clear();
        this.#document.view.focus();
      },
    });
    this.#footer = buildFooter(
      { words: this.#words, write: this.#write },
      {
        goTo: place => this.#reader.goTo(place, { at: 'start' }),
        top: () => this.#goToTop(),
        end: () => this.#reader.take({ kind: 'follow' }),
      },
    );
    const openFind = () => findBar.open(this.#readSelectedText());
    this.#frame = this.#buildFrame(findBar.element, openFind);
    this.#document = new LogDocument({
      parent: this.#frame.place,
      label: this.#words.log,
      nonce: parts.nonce,
      readLooks: () => ({
        readable: this.#kept.readable,
        highlight: this.#finder?.highlight,
        buildPrefix: entry =>
          buildRowPrefix(entry, {
            words: this.#words,
            tags: this.#tags,
            timestamps: this.#kept.timestamps,
          }),
        wholeLine: entry => this.#buildWholeLine(entry),
      }),
      onUpdate: ({ selected, moved }) => {
        if (selected) {
          this.#reader.take({ kind: 'select' });
        }
        if (moved) {
          this.#reader?.onMoved();
        }
      },
    });
    this.#reader = new LogReader({
      document: this.#document,
      questions: this.#questions,
      onChanged: () => this.#update(),
      onProblem: error => this.#say(error),
    });
    this.#filtering = new LogFiltering({
      reader: this.#reader,
      questions: this.#questions,
      words: this.#words,
      write: this.#write,
      say: this.#frame.filterBar.say,
      complain: this.#frame.filterBar.complain,
    });
    this.#finder = new LogFinder({
      document: this.#document,
      reader: this.#reader,
      questions: this.#questions,
      words: this.#words,
      write: this.#write,
      say: findBar.say,
    });
    listenToDeeds(this.#document, this.#reader, {
      top: () => this.#goToTop(),
      end: () => this.#reader.take({ kind: 'follow' }),
      wholeLine: () => this.#showWholeLine(),
      scrolled: () => {
        this.#reader.onScrolled();
        this.#keepSoon();
      },
    });
    listenToFindKeys({ open: openFind, again: findBar.again });
    this.#document.setWrap(this.#kept.wrap);
    this.#begin(opened);
  }

  /** Takes a message of the extension. */
  take(message: ToLogPage): void {
    switch (message.type) {
      case 'opened':
        this.#questions.forget();
        this.#kept = buildKept(message, this.#kept);
        this.#begin(message);
        break;
      case 'changed':
        this.#onChanged(message);
        break;
      case 'trouble':
        this.#trouble = message.message ?? '';
        this.#update();
        break;
      case 'told':
        this.#frame.say(message.message);
        break;
      case 'read':
      case 'filtered':
      case 'found':
      case 'refused':
        this.#questions.take(message);
        break;
    }
  }

  #begin({ log, last }: Opened): void {
    this.#log = log;
    this.#tags = buildPodTags(log.sources);
    this.#shownSources = readShownSources(log.sources, this.#kept);
    this.#showView(last);
    this.#update();
    this.#keepSoon();
  }

  #onChanged({ log, filtered }: Extract<ToLogPage, { readonly type: 'changed' }>): void {
    if (log.logId !== this.#log.logId) {
      return;
    }
    const isNewSource = log.sources.length !== this.#log.sources.length;
    this.#log = log;
    if (isNewSource) {
      this.#tags = buildPodTags(log.sources);
      this.#document.redraw();
      this.#refilterLater();
    }
    if (this.#reader.reach.filterId === undefined) {
      this.#reader.setReach({ total: log.total, first: log.first });
    } else if (filtered) {
      this.#filtering.take(filtered, log.total);
    }
    this.#update();
  }

  /** A hidden pod stays hidden, and a new one is shown: the filter names sources, so it must name the new ones too. */
  #refilterLater(): void {
    const shown = readShownSources(this.#log.sources, this.#kept);
    if (JSON.stringify(shown) === JSON.stringify(this.#shownSources)) {
      return;
    }
    this.#sourcesTimer ??= window.setTimeout(() => {
      this.#sourcesTimer = undefined;
      this.#shownSources = readShownSources(this.#log.sources, this.#kept);
      this.#showView();
    }, sourcesMs);
  }

  /** Shows the log, or what of it fits the filter, from its end or from where the screen was. */
  #showView(last?: Opened['last']): void {
    const { following, sequence } = this.#kept;
    const filter = buildFilter(this.#kept, this.#shownSources);
    void this.#filtering.show({ filter, log: this.#log, following, sequence, last });
  }

  #say(error: unknown): void {
    // A filter that another has replaced is asked for no more.
    if (!(error instanceof Refusal && quietCodes.has(error.code))) {
      this.#frame.say(error instanceof Error ? error.message : String(error));
    }
  }

  #change(changed: Partial<KeptLog>): void {
    this.#kept = { ...this.#kept, ...changed, ...this.#readPlace() };
    this.#keepSoon();
  }

  #buildFrame(findBar: HTMLElement, openFind: () => void): PageFrame {
    const { page, send } = this.#parts;
    const readExtract = () => ({
      timestamps: this.#kept.timestamps,
      sources: [...this.#tags.values()].some(({ label }) => label !== ''),
      ...(this.#reader.reach.filterId === undefined ? {} : { filterId: this.#reader.reach.filterId }),
    });
    return buildPageFrame(
      page,
      {
        log: this.#log,
        kept: this.#kept,
        words: this.#words,
        write: this.#write,
        findBar,
        footer: this.#footer.element,
      },
      {
        follow: () => this.#reader.take({ kind: this.#reader.following ? 'pause' : 'follow' }),
        find: openFind,
        copy: () => this.#copy(),
        save: () => send({ type: 'save', extract: readExtract() }),
        openDocument: () => send({ type: 'openDocument', extract: readExtract() }),
        look: changed => {
          this.#change(changed);
          this.#document.setWrap(this.#kept.wrap);
          if (changed.readable === undefined) {
            this.#document.redraw();
          } else {
            this.#reader.rebuild();
          }
        },
        range: range => send({ type: 'reopen', range }),
        hide: hidden => {
          this.#change(hidden);
          const containers = decideContainers(this.#log, this.#kept);
          if (containers) {
            send({ type: 'reopen', range: { ...this.#kept.range, containers } });
            return;
          }
          this.#shownSources = readShownSources(this.#log.sources, this.#kept);
          this.#showView();
          this.#update();
        },
        filter: filter => {
          this.#change(filter);
          this.#showView();
        },
      },
    );
  }

  #goToTop(): void {
    this.#reader.goTo(this.#reader.reach.first, { at: 'start' });
  }

  #copy(): void {
    const rows = this.#document.readSelectedRows();
    const text = rows.map(row => removeEscapes(row.slice(findText(row)))).join('\n');
    this.#parts.send({ type: 'copy', text, lines: rows.length });
  }

  #showWholeLine(): void {
    const row = this.#document.readRow(this.#document.cursorPlace);
    const entry = row === undefined ? undefined : parseEntry(row);
    if (entry?.kind === 'cut') {
      this.#buildWholeLine(entry).show();
    }
  }

  #buildWholeLine({ sequence, length }: Entry): { readonly label: string; readonly show: () => void } {
    return {
      label: this.#words.wholeLine.replace('{0}', this.#write(length)),
      show: () => this.#parts.send({ type: 'showLine', sequence }),
    };
  }

  #update(): void {
    const { reach, following, unseen, skipped } = this.#reader;
    const { top, bottom } = this.#document.readScreen();
    this.#frame.setFollowing(following, unseen);
    this.#frame.setBanner(this.#buildBanner());
    this.#frame.sources.update(this.#log, this.#kept);
    this.#footer.update({
      reach,
      top,
      bottom,
      gaps: this.#log.gaps,
      gone: this.#log.first,
      skipped,
      ...(reach.filterId === undefined ? {} : { of: this.#log.total }),
    });
  }

  #buildBanner(): string {
    const { state, reason, total } = this.#log;
    if (this.#trouble !== '') {
      return this.#trouble;
    }
    if (state === 'live') {
      return total === 0 ? this.#words.empty : '';
    }
    const word = state === 'opening' ? this.#words.opening : this.#words[state];
    return reason === undefined ? word : `${word}: ${reason}`;
  }

  #readSelectedText(): string {
    const { state } = this.#document.view;
    const { from, to } = state.selection.main;
    const text = state.sliceDoc(from, Math.min(to, from + longestFindText));
    return text.includes('\n') ? '' : text;
  }

  #readPlace(): Pick<KeptLog, 'following' | 'sequence'> {
    const { top } = this.#document.readScreen();
    const row = this.#document.readRow(top);
    const { following } = this.#reader;
    return { following, sequence: row === undefined ? this.#kept.sequence : parseEntry(row).sequence };
  }

  #keepSoon(): void {
    this.#keepTimer ??= window.setTimeout(() => {
      this.#keepTimer = undefined;
      this.#kept = { ...this.#kept, ...this.#readPlace() };
      this.#parts.keep(this.#kept);
    }, keepMs);
  }
}

const longestFindText = 200;
const quietCodes = new Set(['cancelled', 'filterGone']);
