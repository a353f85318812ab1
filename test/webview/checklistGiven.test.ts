import assert from 'node:assert/strict';
import { emptyState } from '../../extension/state/storeState.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { GivenPage } from '../../webview/protocol/checklistProtocol.ts';
import { aChecklistView, aCheckView } from '../builders/checklists.ts';
import { buildPage } from './openChecklist.ts';
import { type OpenedPage, openPage } from './openPage.ts';
import { findFaults, takePicture } from './pageChecks.ts';

const limit = { limitMs: 10_000 };

describe('the page of the checklist before anything is sent to it', function () {
  this.timeout(60_000);
  let opened: OpenedPage;
  afterEach(() => opened?.close());

  const open = async (page: GivenPage['page'], id = 'first') => {
    opened = await openPage({ name: 'checklist', place: 'sideBar', given: { id, page } });
  };
  const main = () => opened.page.locator('main');
  const title = () => opened.page.getByRole('heading', { level: 1 }).innerText();
  const busy = () => main().getAttribute('aria-busy');
  const waitUntilKept = (text: string) =>
    waitFor(`${text} to be kept`, async () => JSON.stringify(opened.kept())?.includes(text) === true, limit);

  it('P-02a shows what its HTML says, and says that it is shown', async () => {
    await open(buildPage().page);
    assert.equal(await title(), 'v2.1.0 to production');
    assert.equal(await busy(), 'false');
    await waitFor('the page to say so', async () => opened.sent.length === 2, limit);
    assert.deepEqual(
      opened.sent.map(message => (message as { type: string }).type),
      ['ready', 'shown'],
    );
    assert.deepEqual(opened.problems, []);
  });

  it('P-04b takes what is in its HTML for text, whatever it is', async () => {
    const text = '</script><script>document.title = "run"</script><!-- <b>bold</b>';
    await open(
      buildPage({ view: aChecklistView({ checklist: { name: text, checks: [aCheckView({ text })] } }) }).page,
    );
    assert.ok((await main().innerText()).includes(text));
    assert.deepEqual(opened.problems, []);
  });

  it('P-04c shows again what came after its HTML, as old, and not what that says', async () => {
    await open(buildPage().page);
    await opened.send({ type: 'show', page: { ...buildPage().page, title: 'v2.2.0 to production' } });
    await waitUntilKept('v2.2.0');
    await opened.reveal();
    assert.equal(await title(), 'v2.2.0 to production');
    assert.equal(await busy(), 'true');
  });

  it('P-04c is where the person was when a new HTML says what is so by now', async () => {
    opened = await openPage({
      name: 'checklist',
      place: 'sideBar',
      size: { width: 300, height: 400 },
      given: { id: 'second', page: buildPage().page },
      kept: { scroll: 333, open: true },
    });
    await opened.page.locator('details[open]').waitFor();
    await waitFor('the scroll', async () => (await opened.page.evaluate('scrollY')) === 333, limit);
  });

  it('P-04c goes on showing what it showed last while the same is read again, and says so', async () => {
    await open(buildPage().page);
    await waitUntilKept('v2.1.0');
    const kept = opened.kept();
    await opened.close();
    const reading = buildPage({}, { ...emptyState, folders: [{ folder: '/repo' }] }).page;
    assert.equal(reading.title, 'v2.1.0 to production');
    opened = await openPage({
      name: 'checklist',
      place: 'sideBar',
      given: { id: 'second', page: reading },
      kept,
    });
    const text = await main().innerText();
    for (const said of [reading.busy ?? '', 'Change request approved']) {
      assert.ok(text.includes(said), `${said} is not in:\n${text}`);
    }
    // What the gates came to may not be so any more.
    assert.ok(!text.includes('2 of 3 gates hold it.'), text);
    assert.equal(await busy(), 'true');
    // What would be offered may not be offered any more; a tick is for what it was made for.
    await opened.page.keyboard.press('Tab');
    assert.equal(await opened.page.evaluate('document.activeElement.localName'), 'vscode-checkbox');
    await takePicture(opened.page, 'checklist-page-read-again');
    assert.deepEqual(await findFaults(opened.page), []);
    await opened.send({ type: 'show', page: buildPage().page });
    assert.equal(await busy(), 'false');
    assert.ok((await main().innerText()).includes('2 of 3 gates hold it.'));
    await opened.page.getByRole('button', { name: 'Promote v2.1.0 to staging...' }).first().click();
    await waitFor(
      'the click',
      async () => opened.sent.some(sent => (sent as { type: string }).type === 'act'),
      limit,
    );
  });

  it('P-04c does not show what it showed last while something else is read', async () => {
    await open(buildPage().page);
    await waitUntilKept('v2.1.0');
    const kept = opened.kept();
    await opened.close();
    const reading = { title: 'v9.0.0 to staging', notices: [], actions: [], busy: 'Reading the gates' };
    opened = await openPage({
      name: 'checklist',
      place: 'sideBar',
      given: { id: 'second', page: reading },
      kept,
    });
    assert.equal(await title(), 'v9.0.0 to staging');
    assert.ok(!(await main().innerText()).includes('Change request approved'));
  });
});
