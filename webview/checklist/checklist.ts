import * as z from 'zod/mini';
import { type ChecklistPage, checklistProtocol, showMessage } from '../protocol/checklistProtocol.ts';
import { connectHost } from '../shared/connectHost.ts';
import { registerControls } from '../shared/controls.ts';
import { keepFocus } from '../shared/keepFocus.ts';
import { buildPageView } from './pageView.ts';
import './checklist.css';

const keptSchema = z.object({
  /** How far the person had scrolled, in pixels. */
  scroll: z.number(),
  /** True when they had opened what ticks are for. */
  open: z.boolean(),
  /** What was shown: it is shown at once, until the extension says what is so by now. */
  message: z.optional(showMessage),
});

registerControls();
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
  onLookChanged: () => keep(),
});
const kept = keptSchema.safeParse(host.kept);
if (kept.success && kept.data.message) {
  view.show(kept.data.message.page, { isOld: true });
  view.restore(kept.data);
}
window.addEventListener('scroll', () => keep(), { passive: true });
host.send({ type: 'ready' });

function show(page: ChecklistPage): void {
  last = page;
  focus.during(() => view.show(page, { isOld: false }));
  if (!isRestored && kept.success) {
    view.restore(kept.data);
  }
  isRestored = true;
  if (!isTold && page.busy === undefined) {
    isTold = true;
    // With the next frame it is on the screen.
    requestAnimationFrame(() => host.send({ type: 'shown', afterMs: performance.now() }));
  }
  keep();
}

function keep(): void {
  if (last) {
    host.keep({ ...view.readLook(), message: { type: 'show', page: last } });
  }
}

function requirePage(): HTMLElement {
  const main = document.getElementById('page');
  if (!main) {
    throw new Error('the page has no main element');
  }
  return main;
}
