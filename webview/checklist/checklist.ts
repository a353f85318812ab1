import * as z from 'zod/mini';
import { type ChecklistPage, checklistProtocol, showMessage } from '../protocol/checklistProtocol.ts';
import { connectHost } from '../shared/connectHost.ts';
import { registerControls, vsCodeCheckbox, vsCodeProgressRing } from '../shared/controls.ts';
import { keepFocus } from '../shared/keepFocus.ts';
import { buildPageView, type Look } from './pageView.ts';
import { readGiven } from './readGiven.ts';
import './checklist.css';

const keptSchema = z.object({
  /** How far the person had scrolled, in pixels. */
  scroll: z.number(),
  /** True when they had opened what ticks are for. */
  open: z.boolean(),
  /** What was shown: it is shown at once, until the extension says what is so by now. */
  message: z.optional(showMessage),
  /** The HTML that it was shown in. */
  givenId: z.optional(z.string()),
});

registerControls(vsCodeCheckbox(), vsCodeProgressRing());
const focus = keepFocus();

let isRestored = false;
let isTold = false;
let last: ChecklistPage | undefined;

const host = connectHost(checklistProtocol, message => {
  switch (message.type) {
    case 'show':
      show(message.page);
      return;
    case 'answered':
      view.takeAnswer(message.checkId);
      return;
    case 'say':
      view.say(message.sentence);
      return;
  }
});
const view = buildPageView(requirePage(), {
  send: host.send,
  onLookChanged: () => keepLook(),
});
const parsed = keptSchema.safeParse(host.kept);
const kept = parsed.success ? parsed.data : undefined;
const given = readGiven();
// Only the first time: when this HTML is loaded again, what was kept since is newer.
const fresh = given && given.id !== kept?.givenId ? given.page : undefined;
/** How the page looked when that changed last: to read it anew takes a layout before the page is on the screen. */
let look: Look = { scroll: kept?.scroll ?? 0, open: kept?.open ?? false };
/** What was shown at last, until the extension has said what is so by now. */
let old = kept?.message?.page;

if (fresh) {
  show(fresh);
} else if (old) {
  view.show(old, { isOld: true });
  restore();
}
window.addEventListener('scroll', () => keepLook(), { passive: true });
for (const deed of ['wheel', 'pointerdown', 'keydown']) {
  const takeOver = () => {
    isRestored = true;
  };
  window.addEventListener(deed, takeOver, { passive: true, once: true });
}
host.send({ type: 'ready' });

function show(page: ChecklistPage): void {
  if (old && page.busy !== undefined && page.title === old.title) {
    // It is about the same: a person reads on while it is read again.
    const { summary: _, ...rest } = old;
    view.show({ ...rest, busy: page.busy }, { isOld: true });
    restore();
    return;
  }
  old = undefined;
  // What is only awaited is not worth keeping.
  last = page.busy === undefined ? page : undefined;
  focus.during(() => view.show(page, { isOld: false }));
  restore();
  // With the next frame it is on the screen, and buttons have their height.
  requestAnimationFrame(() => {
    restore();
    isRestored ||= page.busy === undefined;
    if (!isTold && page.busy === undefined) {
      isTold = true;
      host.send({ type: 'shown', afterMs: performance.now() });
    }
  });
  keep();
}

/** Goes where the person was, unless they have gone elsewhere since. */
function restore(): void {
  if (!isRestored && kept) {
    view.restore(kept);
  }
}

function keepLook(): void {
  look = view.readLook();
  keep();
}

function keep(): void {
  if (last) {
    const message = { type: 'show', page: last };
    host.keep({ ...look, message, ...(given ? { givenId: given.id } : {}) });
  }
}

function requirePage(): HTMLElement {
  const main = document.getElementById('page');
  if (!main) {
    throw new Error('the page has no main element');
  }
  return main;
}
