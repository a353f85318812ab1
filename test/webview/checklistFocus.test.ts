import assert from 'node:assert/strict';
import type { ChecklistView } from '../../daemon/protocol/checklist.ts';
import { aChecklistGate, aChecklistView, aCheckView, anOrderGate } from '../builders/checklists.ts';
import { type OpenedChecklist, openChecklist } from './openChecklist.ts';

const first = 'Change request approved';
const second = 'Backup verified and recovery tested';

describe('the focus in the checklist', function () {
  this.timeout(60_000);
  let opened: OpenedChecklist;
  afterEach(() => opened?.close());

  const note = (name: string) => opened.page.getByRole('button', { name: `Tick with Note... ${name}` });
  /** What has the focus, once the page has been drawn: only then does the browser take it from what is hidden. */
  const readFocus = () =>
    opened.page.evaluate(async () => {
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const element = document.activeElement;
      if (element === document.body) {
        return 'body';
      }
      return `${element?.localName} ${element?.getAttribute('aria-label') ?? element?.textContent ?? ''}`;
    });
  const passed = anOrderGate({ state: 'pass', reason: 'staging runs v2.1.0.' });
  const { action: _, next: __, ...order } = passed;
  const withGates = (...gates: ChecklistView['gates']) => ({ view: aChecklistView({ gates }) });
  const withChecks = (...checks: readonly ReturnType<typeof aCheckView>[]) => ({
    view: aChecklistView({ checklist: { name: 'pre-deployment', checks: [...checks] } }),
  });
  const next = aCheckView({ id: 'c-2', text: second });

  it('P-02i goes to the gate whose button has gone with what held it', async () => {
    opened = await openChecklist();
    await opened.page.locator('.gate button').first().focus();
    await opened.show(withGates(order, aChecklistGate()));
    assert.equal(await readFocus(), 'h3 Order: staging first, passes');
    await opened.page.keyboard.press('Tab');
    assert.match(await readFocus(), /^vscode-checkbox /, 'Tab goes on from there');
  });

  it('P-02i goes to the box of the check whose note can no longer be written', async () => {
    opened = await openChecklist();
    await note(first).focus();
    const { digest: ___, ...closed } = aCheckView();
    await opened.show(withChecks({ ...closed, mine: false }, next));
    assert.equal(await readFocus(), `vscode-checkbox ${first}`);
  });

  it('P-02i goes to the next check where the one that had it is gone, and to the one before at the end', async () => {
    opened = await openChecklist();
    await opened.show(withChecks(aCheckView(), next, aCheckView({ id: 'c-9', text: 'Last' })));
    await note(first).focus();
    await opened.show(withChecks(next, aCheckView({ id: 'c-9', text: 'Last' })));
    assert.equal(await readFocus(), `vscode-checkbox ${second}`);
    await note('Last').focus();
    await opened.show(withChecks(next));
    assert.equal(await readFocus(), `vscode-checkbox ${second}`);
  });

  it('P-02i goes to the action that takes the place of the one that was pressed, then to the title', async () => {
    opened = await openChecklist();
    const button = opened.page.locator('.actions button').first();
    await button.focus();
    await opened.page.keyboard.press('Enter');
    await opened.show(withGates(order));
    assert.equal(await readFocus(), 'button Promote v2.1.0 to production...');
    await opened.show(withGates(aChecklistGate()));
    assert.equal(await readFocus(), 'h1 v2.1.0 to production');
  });

  it('P-02i goes to the title when the whole list goes', async () => {
    opened = await openChecklist();
    await note(first).focus();
    await opened.show({ view: undefined as never, reading: true });
    assert.equal(await readFocus(), 'h1 v2.1.0 to production');
  });

  it('P-02i stays with what had it when rows change places', async () => {
    opened = await openChecklist();
    await opened.show(withChecks(aCheckView(), next));
    await note(second).focus();
    await opened.show(withChecks(next, aCheckView()));
    assert.equal(await readFocus(), `button Tick with Note... ${second}`);
    await note(first).focus();
    await opened.show(withChecks(aCheckView(), next));
    assert.equal(await readFocus(), `button Tick with Note... ${first}`);
  });

  it('P-02i is left where the person has put it meanwhile', async () => {
    opened = await openChecklist();
    await opened.page.locator('.gate button').first().click();
    await note(first).focus();
    await opened.show(withGates(order));
    assert.equal(await readFocus(), `button Tick with Note... ${first}`);
    await opened.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await opened.show(withGates(anOrderGate()));
    assert.match(await readFocus(), /^body$/);
  });

  it('P-02i waits for the window where the keyboard is elsewhere, and then is beside what has gone', async () => {
    opened = await openChecklist();
    await opened.page.locator('.gate button').first().focus();
    // As when an input box of the window has the keyboard: this page must not take it.
    await opened.page.evaluate(() => Object.assign(document, { hasFocus: () => false }));
    await opened.show(withGates(order, aChecklistGate()));
    assert.match(await readFocus(), /^body$/);
    await opened.page.evaluate(() => {
      Reflect.deleteProperty(document, 'hasFocus');
      window.dispatchEvent(new Event('focus'));
    });
    assert.equal(await readFocus(), 'h3 Order: staging first, passes');
  });
});
