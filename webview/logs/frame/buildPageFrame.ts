import type { LogView } from '../../../daemon/protocol/log.ts';
import type { KeptLog, LogRange } from '../../protocol/logMessages.ts';
import type { LogWords } from '../../protocol/logWords.ts';
import { buildElement, setText } from '../../shared/buildElement.ts';
import { fillIn } from '../../shared/fillIn.ts';
import { type Announcer, buildAnnouncer } from './buildAnnouncer.ts';
import { buildFilterBar, type FilterBar, type TypedFilter } from './buildFilterBar.ts';
import { buildRangeChoice } from './buildRangeChoice.ts';
import { buildSourcesBox, type SourcesBox } from './buildSourcesBox.ts';
import { buildButton, buildCheckbox, buildOpener } from './controls.ts';

/** What a person can do above the log. */
export type FrameTargets = {
  readonly follow: () => void;
  readonly find: () => void;
  readonly copy: () => void;
  readonly save: () => void;
  readonly openDocument: () => void;
  readonly look: (changed: Partial<Pick<KeptLog, 'timestamps' | 'wrap' | 'readable'>>) => void;
  readonly range: (range: LogRange) => void;
  readonly hide: (hidden: Pick<KeptLog, 'hiddenPods' | 'hiddenContainers'>) => void;
  readonly filter: (filter: TypedFilter) => void;
  readonly openBoxes: (boxes: KeptLog['openBoxes']) => void;
};

/** Everything around the log. */
export type PageFrame = {
  /** Where the log goes. */
  readonly place: HTMLElement;
  readonly filterBar: FilterBar;
  readonly sources: SourcesBox;
  readonly setFollowing: (following: boolean, unseen: number) => void;
  /** What is wrong, or how the log stands; empty for nothing to say. */
  readonly setBanner: (sentence: string) => void;
  /** Says to a screen reader what others see. */
  readonly announce: Announcer['say'];
  /** Something to be read once. */
  readonly say: (sentence: string) => void;
};

/** What was done is said for so long, in milliseconds. */
const saidMs = 15_000;

/** Builds bar, boxes, filter and the place of the log; what comes after it is the caller's. */
export function buildPageFrame(
  page: HTMLElement,
  options: {
    readonly log: LogView;
    readonly kept: KeptLog;
    readonly words: LogWords;
    readonly write: (value: number) => string;
    readonly findBar: HTMLElement;
    readonly footer: HTMLElement;
  },
  on: FrameTargets,
): PageFrame {
  const { log, kept, words, write } = options;
  const follow = buildButton(words.pause, on.follow, { appearance: 'primary', class: 'follow' });
  const sources = buildSourcesBox(words, on.hide);
  const view = buildElement(
    'section',
    { class: 'box', 'aria-label': words.view },
    buildCheckbox(words.timestamps, kept.timestamps, timestamps => on.look({ timestamps })),
    buildCheckbox(words.wrap, kept.wrap, wrap => on.look({ wrap })),
    buildCheckbox(words.readable, kept.readable, readable => on.look({ readable })),
    ...buildRangeChoice(kept.range, { words, write }, on.range),
  );
  let open: KeptLog['openBoxes'] = kept.openBoxes;
  const opener = (label: string, name: (typeof open)[number], box: HTMLElement) =>
    buildOpener({ label, box, open: open.includes(name) }, isOpen => {
      open = [...open.filter(other => other !== name), ...(isOpen ? [name] : [])];
      on.openBoxes(open);
    });
  const bar = buildElement(
    'section',
    { class: 'bar', 'aria-label': words.toolbar },
    follow,
    opener(words.podsOf, 'sources', sources.element),
    opener(words.view, 'view', view),
    buildButton(words.find, on.find),
    buildButton(words.copy, on.copy),
    buildButton(words.save, on.save),
    buildButton(words.document, on.openDocument),
  );
  const filterBar = buildFilterBar(kept, words, on.filter);
  const banner = buildElement('p', { class: 'banner', role: 'status' });
  const said = buildElement('p', { class: 'said', role: 'status' });
  let timer: number | undefined;
  const place = buildElement('div', { class: 'log' });
  const announcer = buildAnnouncer();
  const sayFollowing = buildFollowingWords(kept.following, words);
  page.replaceChildren(
    buildElement('h1', { class: 'visually-hidden' }, fillIn(words.heading, log.workload, log.environment)),
    bar,
    sources.element,
    view,
    filterBar.element,
    options.findBar,
    banner,
    place,
    said,
    options.footer,
    announcer.element,
  );
  return {
    place,
    filterBar,
    sources,
    setFollowing: (following, unseen) => {
      const idle = unseen > 0 ? fillIn(words.followNew, write(unseen)) : words.follow;
      setText(follow, following ? words.pause : idle);
      follow.setAttribute('appearance', following ? 'secondary' : 'primary');
      if (sayFollowing.take(following)) {
        announcer.say('following', sayFollowing.read);
      }
    },
    announce: announcer.say,
    setBanner: sentence => {
      setText(banner, sentence);
      banner.hidden = sentence === '';
    },
    say: sentence => {
      window.clearTimeout(timer);
      setText(said, sentence);
      timer = window.setTimeout(() => setText(said, ''), saidMs);
    },
  };
}

/** What is to be said of the following: how it stands, where that is another way than was said last. */
function buildFollowingWords(
  before: boolean,
  words: LogWords,
): { readonly take: (following: boolean) => boolean; readonly read: () => string } {
  let [now, told] = [before, before];
  return {
    take: following => {
      const changed = following !== now;
      now = following;
      return changed;
    },
    read: () => {
      const sentence = now ? words.followingAgain : words.followingStopped;
      const isNew = now !== told;
      told = now;
      return isNew ? sentence : '';
    },
  };
}
