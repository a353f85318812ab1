import type { LogView } from '../../daemon/protocol/log.ts';
import type { FromLogPage, KeptLog, LogExtract, ToLogPage } from '../protocol/logMessages.ts';
import type { LogWords } from '../protocol/logWords.ts';
import { buildRowPrefix } from './document/buildRowPrefix.ts';
import { type DocumentParts, LogDocument } from './document/logDocument.ts';
import { buildPodTags } from './document/podTags.ts';
import { LogFiltering } from './finding/logFiltering.ts';
import { LogFinder } from './finding/logFinder.ts';
import { buildBanner } from './frame/buildBanner.ts';
import { buildFindBar, listenToFindKeys } from './frame/buildFindBar.ts';
import { buildFooter, type Footer } from './frame/buildFooter.ts';
import { buildPageFrame, type PageFrame } from './frame/buildPageFrame.ts';
import { buildKept, decideContainers } from './keptLog.ts';
import { LogMemory, readScreenPlace } from './logMemory.ts';
import { paceUpdates } from './paceUpdates.ts';
import { listenToDeeds } from './reading/listenToDeeds.ts';
import { LogReader } from './reading/logReader.ts';
import { isOutdated, Questions } from './reading/questions.ts';
import { WindowDeeds } from './windowDeeds.ts';

type Opened = Extract<ToLogPage, { readonly type: 'opened' }>;

/** What a page needs of its surroundings. */
export type LogPageParts = {
  readonly page: HTMLElement;
  readonly nonce: string;
  readonly send: (message: FromLogPage) => void;
  readonly keep: (kept: KeptLog) => void;
  readonly kept: KeptLog | undefined;
};

/** The page of one log. */
export class LogPage {
  readonly #parts: LogPageParts;
  readonly #language: { readonly words: LogWords; readonly write: (value: number) => string };
  readonly #questions: Questions;
  readonly #document: LogDocument;
  readonly #reader: LogReader;
  readonly #finder: LogFinder;
  readonly #filtering: LogFiltering;
  readonly #memory: LogMemory;
  readonly #deeds: WindowDeeds;
  readonly #frame: PageFrame;
  readonly #footer: Footer;
  #log: LogView;
  #tags: ReturnType<typeof buildPodTags>;
  #trouble = '';
  /** Tells what is told in numbers. */
  readonly #update = paceUpdates(
    () => this.#updateNow(),
    () => this.#reader.following,
  );

  constructor(parts: LogPageParts, opened: Opened) {
    this.#parts = parts;
    const { words } = opened;
    const { format } = new Intl.NumberFormat(document.documentElement.lang);
    this.#language = { words, write: value => format(value) };
    this.#log = opened.log;
    this.#tags = buildPodTags(opened.log.sources);
    this.#memory = new LogMemory(buildKept(opened, parts.kept), {
      keep: parts.keep,
      readPlace: () => readScreenPlace(this.#document, this.#reader),
    });
    this.#questions = new Questions(parts.send);
    const memory = this.#memory;
    const findBar = buildFindBar(
      { words, kept: memory.kept.find },
      {
        look: (pattern, direction) => void this.#finder.look(pattern, direction),
        changed: pattern => this.#finder.change(pattern),
        close: () => {
          this.#finder.clear();
          this.#document.view.focus();
        },
        keep: find => memory.change({ find }),
      },
    );
    this.#footer = buildFooter(this.#language, {
      goTo: place => this.#reader.goTo(place, { at: 'start' }),
      top: () => this.#goToTop(),
      end: () => this.#reader.take({ kind: 'follow' }),
    });
    const openFind = () => findBar.open(this.#document.readSelectedText());
    this.#frame = this.#buildFrame(findBar.element, openFind);
    this.#document = new LogDocument({
      parent: this.#frame.place,
      label: words.log,
      nonce: parts.nonce,
      readLooks: () => this.#readLooks(),
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
      following: this.#memory.kept.following,
      onChanged: () => this.#update(),
      onProblem: error => this.#say(error),
    });
    this.#filtering = new LogFiltering({
      ...this.#language,
      reader: this.#reader,
      questions: this.#questions,
      readView: () => ({ log: this.#log, kept: this.#memory.kept }),
      say: this.#frame.filterBar.say,
      complain: this.#frame.filterBar.complain,
      announce: sentence => this.#frame.announce('filter', () => sentence),
      onReturned: () => void this.#finder.returnTo(memory.kept.find),
    });
    this.#finder = new LogFinder({
      ...this.#language,
      document: this.#document,
      reader: this.#reader,
      questions: this.#questions,
      say: findBar.say,
      isReadable: () => memory.kept.readable,
      onFound: found => memory.change({ find: { ...memory.kept.find, found } }),
    });
    this.#deeds = new WindowDeeds({
      ...this.#language,
      document: this.#document,
      readExtract: () => this.#readExtract(),
      send: parts.send,
      say: this.#frame.say,
    });
    listenToDeeds(this.#document, this.#reader, {
      top: () => this.#goToTop(),
      end: () => this.#reader.take({ kind: 'follow' }),
      wholeLine: () => this.#deeds.showWholeLine(),
      scrolled: () => {
        this.#reader.onScrolled();
        this.#memory.keepSoon();
      },
    });
    listenToFindKeys({ open: openFind, again: findBar.again });
    this.#document.setWrap(memory.kept.wrap);
    this.#finder.goOn(memory.kept.find);
    this.#begin(opened);
  }

  /** Takes a message of the extension. */
  take(message: ToLogPage): void {
    switch (message.type) {
      case 'opened':
        this.#questions.forget();
        this.#memory.replace(buildKept(message, this.#memory.present));
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
      case 'matched':
      case 'refused':
        this.#questions.take(message);
        break;
    }
  }

  #begin({ log, last }: Opened): void {
    this.#log = log;
    this.#tags = buildPodTags(log.sources);
    void this.#filtering.show(last);
    this.#update();
    this.#memory.keepSoon();
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
      this.#filtering.onSources();
    }
    if (this.#reader.reach.filterId === undefined) {
      this.#reader.setReach({ total: log.total, first: log.first });
    } else if (filtered) {
      this.#filtering.take(filtered, log.total);
    }
    this.#update();
  }

  #say(error: unknown): void {
    if (!isOutdated(error)) {
      this.#frame.say(error instanceof Error ? error.message : String(error));
    }
  }

  #buildFrame(findBar: HTMLElement, openFind: () => void): PageFrame {
    const { page, send } = this.#parts;
    const memory = this.#memory;
    return buildPageFrame(
      page,
      {
        ...this.#language,
        log: this.#log,
        kept: memory.kept,
        findBar,
        footer: this.#footer.element,
      },
      {
        follow: () => this.#reader.take({ kind: this.#reader.following ? 'pause' : 'follow' }),
        find: openFind,
        copy: () => this.#deeds.copy(),
        save: () => this.#deeds.save(),
        openDocument: () => this.#deeds.openDocument(),
        look: changed => {
          memory.change(changed);
          this.#document.setWrap(memory.kept.wrap);
          if (changed.readable === undefined) {
            this.#document.redraw();
          } else {
            this.#filtering.onOtherForm();
          }
        },
        range: range => send({ type: 'reopen', range }),
        hide: hidden => {
          memory.change(hidden);
          const containers = decideContainers(this.#log, memory.kept);
          if (containers) {
            send({ type: 'reopen', range: { ...memory.kept.range, containers } });
            return;
          }
          void this.#filtering.show();
          this.#update();
        },
        filter: filter => {
          memory.change(filter);
          void this.#filtering.show();
        },
        openBoxes: openBoxes => memory.change({ openBoxes }),
      },
    );
  }

  #goToTop(): void {
    this.#reader.goTo(this.#reader.reach.first, { at: 'start' });
  }

  #updateNow(): void {
    const { reach, following, unseen, skipped } = this.#reader;
    const { top, bottom } = this.#document.readScreen();
    this.#frame.setFollowing(following, unseen);
    this.#frame.setBanner(buildBanner(this.#log, this.#trouble, this.#language.words));
    this.#frame.sources.update(this.#log, this.#memory.kept);
    this.#footer.update({
      reach,
      following: this.#reader.following,
      top,
      bottom,
      gaps: this.#log.gaps,
      gone: this.#log.first,
      skipped,
      ...(reach.filterId === undefined ? {} : { of: this.#log.total }),
    });
  }

  #readLooks(): ReturnType<DocumentParts['readLooks']> {
    const { words } = this.#language;
    const { readable, timestamps } = this.#memory.kept;
    return {
      readable,
      findMatches: (row, text) => this.#finder.findMatches(row, text),
      isMarking: () => this.#finder.isMarking,
      buildPrefix: entry => buildRowPrefix(entry, { words, tags: this.#tags, timestamps }),
      wholeLine: entry => this.#deeds.buildWholeLine(entry),
    };
  }

  /** Which lines are shown, and what stands before each. */
  #readExtract(): LogExtract {
    const { filterId } = this.#reader.reach;
    return {
      timestamps: this.#memory.kept.timestamps,
      sources: [...this.#tags.values()].some(({ label }) => label !== ''),
      ...(filterId === undefined ? {} : { filterId }),
    };
  }
}
