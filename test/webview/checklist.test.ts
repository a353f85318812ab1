import assert from 'node:assert/strict';
import { emptyState } from '../../extension/state/storeState.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { aChecklistView, aCheckView, aTickedView } from '../builders/checklists.ts';
import { anOpenState, aRepository } from '../builders/views.ts';
import { aWindow, buildPage, type OpenedChecklist, openChecklist } from './openChecklist.ts';
import { findFaults, takePicture } from './pageChecks.ts';
import { themeNames } from './themes.ts';

const limit = { limitMs: 10_000 };

describe('the page of the checklist', function () {
  this.timeout(60_000);
  let opened: OpenedChecklist;
  afterEach(() => opened?.close());

  const box = (name: string | RegExp) => opened.page.getByRole('checkbox', { name });
  // The toolkit renders a click a moment after it.
  const waitForBox = (name: string, checked: 'true' | 'false') =>
    waitFor(
      `${name} to be ${checked}`,
      async () => (await box(name).getAttribute('aria-checked')) === checked,
      limit,
    );

  it('P-02a shows gates and checks with state, reason, who can clear them, since, and what enforces it', async () => {
    opened = await openChecklist();
    const text = await opened.page.locator('main').innerText();
    for (const said of [
      'v2.1.0 to production',
      '2 of 3 gates hold it.',
      'Order: staging first',
      'holds',
      'staging runs v2.0.0 now, not v2.1.0.',
      'Next: Promote v2.1.0 to staging again.',
      'advice: kept on this machine',
      'passes',
      'Checklist pre-deployment',
      '1 of 5 done',
      'alice, 14:20',
      'pm (alice) can tick it.',
      'Ticked by dana, 13:20, and void: since then this changed: set: replicas of agent (was 2, is 3).',
      'dev-lead (dana) can tick it.',
      'Note: restore of last night',
      'not available yet',
      'Good for this release everywhere',
      'Good for one promotion',
    ]) {
      assert.ok(text.includes(said), `${said} is not in:\n${text}`);
    }
    assert.deepEqual(opened.problems, []);
  });

  it('P-02a offers the next action as a button, and sends nothing but its id', async () => {
    opened = await openChecklist();
    const first = opened.page.getByRole('button', { name: 'Promote v2.1.0 to staging...' }).first();
    assert.match(
      (await opened.page.locator('.actions button').first().getAttribute('class')) ?? '',
      /primary/,
    );
    await first.click();
    await waitFor('the click', async () => opened.sentOf('act').length === 1, limit);
    const { actions } = buildPage();
    const [message] = opened.sentOf('act') as { id: string }[];
    assert.deepEqual(actions.get(message?.id ?? '')?.command, 'slipway.promoteRelease');
  });

  it('P-02e ticks by mouse and by Space, for the digest that is shown, and takes a tick back', async () => {
    opened = await openChecklist();
    const { digest } = aCheckView();
    await box('Change request approved').click();
    await box(/All tests passing/).focus();
    await opened.page.keyboard.press('Space');
    await waitFor('both ticks', async () => opened.sentOf('tick').length === 2, limit);
    assert.deepEqual(opened.sentOf('tick'), [
      { type: 'tick', checkId: 'c-1', digest, ticked: true },
      { type: 'tick', checkId: 'c-0', digest, ticked: false },
    ]);
  });

  it('P-02e asks for a note by a button of its own', async () => {
    opened = await openChecklist();
    await opened.page.getByRole('button', { name: 'Tick with Note... Change request approved' }).click();
    await waitFor('the wish', async () => opened.sentOf('note').length === 1, limit);
  });

  it('P-02e lets nobody tick what is another role\u2019s, or what a probe must prove', async () => {
    opened = await openChecklist();
    for (const name of ['Stakeholders notified', 'Security scan completed']) {
      assert.equal(await box(name).getAttribute('aria-readonly'), 'true');
      await box(name).click();
    }
    assert.equal(await box('Stakeholders notified').getAttribute('aria-checked'), 'false');
    assert.deepEqual(opened.sentOf('tick'), []);
  });

  it('P-02e keeps the focus on a check while its tick comes and goes, and says what came of it', async () => {
    opened = await openChecklist();
    await box('Change request approved').focus();
    await opened.page.keyboard.press('Space');
    await opened.show({ busy: new Set(['c-1']) });
    assert.equal(await opened.page.locator('li[aria-busy=true]').count(), 1);
    const [first, , ...others] = aChecklistView().checklist?.checks ?? [];
    const checks = [...(first ? [first] : []), aTickedView(), ...others];
    await opened.show({ view: aChecklistView({ checklist: { name: 'pre-deployment', checks } }) });
    await opened.answer('c-1');
    await waitForBox('Change request approved', 'true');
    assert.equal(
      await opened.page.evaluate(() => document.activeElement?.textContent),
      'Change request approved',
    );
    assert.equal(
      await opened.page.locator('p[role=status]').innerText(),
      'Change request approved: done. alice, 14:20',
    );
  });

  it('P-02j says what changed by itself in a quiet place, the same sentence again too', async () => {
    opened = await openChecklist();
    const region = opened.page.locator('p[aria-live=polite]');
    assert.equal(await region.innerText(), '');
    await opened.page.evaluate(() => {
      const heard: string[] = [];
      const quiet = document.querySelector('p[aria-live=polite]');
      new MutationObserver(() => heard.push(quiet?.textContent ?? '')).observe(quiet as Node, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      Object.assign(window, { heard });
    });
    const sentence = 'Change request approved: the tick was taken back.';
    for (const times of [1, 2]) {
      await opened.send({ type: 'say', sentence });
      await waitFor(
        `the sentence, ${times}`,
        async () => (await readHeard()).filter(text => text === sentence).length === times,
        limit,
      );
    }
    assert.deepEqual(await readHeard(), [sentence, '', sentence]);
    assert.equal(
      await opened.page.locator('p[role=status]').innerText(),
      '',
      'what came of a tick has its own',
    );
    assert.deepEqual(opened.problems, []);
  });

  it('P-02e puts a box back that the daemon refused to tick', async () => {
    opened = await openChecklist();
    await box('Change request approved').click();
    await waitForBox('Change request approved', 'true');
    await opened.show();
    await opened.answer('c-1');
    await waitForBox('Change request approved', 'false');
    assert.equal(opened.sentOf('tick').length, 1);
  });

  it('P-02e leaves a box as the person left it until they have an answer, whatever was sent before', async () => {
    opened = await openChecklist();
    await box('Change request approved').click();
    await waitForBox('Change request approved', 'true');
    await opened.show({ busy: new Set(['c-0']) });
    await box('Change request approved').click();
    await opened.show({ busy: new Set(['c-1']) });
    await opened.show();
    assert.equal(await box('Change request approved').getAttribute('aria-checked'), 'true');
    assert.equal(opened.sentOf('tick').length, 1);
    await opened.answer('c-1');
    await waitForBox('Change request approved', 'false');
    await box('Change request approved').click();
    await waitFor('another tick', async () => opened.sentOf('tick').length === 2, limit);
  });

  it('P-02e shows what is so of another release at once, though an answer about the one before is awaited', async () => {
    opened = await openChecklist();
    await box('Change request approved').click();
    await waitForBox('Change request approved', 'true');
    const [, second] = aChecklistView().checklist?.checks ?? [];
    assert.ok(second);
    const digest = second.digest?.replace(/.$/, last => (last === '0' ? '1' : '0')) as typeof second.digest;
    const checks = [{ ...second, ...(digest === undefined ? {} : { digest }) }];
    await opened.show({
      view: aChecklistView({ release: 'v2.2.0', checklist: { name: 'pre-deployment', checks } }),
    });
    await waitForBox('Change request approved', 'false');
  });

  it('P-02g leads on from each empty state', async () => {
    opened = await openChecklist();
    const nothing = { subject: undefined, view: undefined } as never;
    const states: readonly (readonly [RegExp, string, Parameters<OpenedChecklist['show']>])[] = [
      [/Select a release or an environment/, 'Choose...', [nothing]],
      [
        /may not act for kosmos yet/,
        'Trust Repository...',
        [nothing, anOpenState(aRepository({ trust: { ...aRepository().trust, state: 'untrusted' } }))],
      ],
      [/No folder is open/, 'Open Folder', [nothing, emptyState]],
      [/No tag is a release yet/, 'Refresh Releases', [nothing, anOpenState(aRepository({ releases: [] }))]],
      [
        /There is no release "v2\.1\.0"/,
        'Refresh',
        [
          {
            view: undefined as never,
            problem: { code: 'unknownRelease', message: 'There is no release "v2.1.0".', details: {} },
          },
        ],
      ],
    ];
    for (const [said, button, [checklist, store]] of states) {
      await opened.show(checklist, store);
      await opened.page.getByRole('button', { name: button }).waitFor();
      assert.match(await opened.page.locator('.notices').innerText(), said);
      assert.equal(await opened.page.getByRole('checkbox').count(), 0);
    }
    assert.deepEqual(opened.problems, []);
  });

  it('P-02g says while it reads, as a quiet status with a name', async () => {
    opened = await openChecklist({ first: buildPage({ view: undefined as never, reading: true }) });
    const ring = opened.page.locator('vscode-progress-ring');
    await ring.waitFor();
    assert.equal(await ring.getAttribute('aria-label'), 'Reading the gates');
    assert.equal(await ring.getAttribute('role'), 'status');
    assert.equal(await ring.getAttribute('aria-live'), 'polite');
    assert.equal(await opened.page.locator('main').getAttribute('aria-busy'), 'true');
  });

  it('P-04a has a policy that allows nothing but what is in it, and does not violate it', async () => {
    opened = await openChecklist();
    const policy = await opened.page.locator('meta[http-equiv]').getAttribute('content');
    assert.match(policy ?? '', /^default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+'$/);
    assert.ok(!policy?.includes('unsafe'));
    await box('Change request approved').focus();
    await opened.page.keyboard.press('Space');
    await opened.page.locator('summary').click();
    await opened.show({ view: undefined as never, reading: true });
    await opened.show();
    assert.deepEqual(opened.problems, []);
    // That a violation would be seen.
    await opened.page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<p style="color: red">styled</p>');
    });
    await waitFor(
      'the violation to be noticed',
      async () => opened.problems.some(found => found.startsWith('policy:')),
      limit,
    );
  });

  it('P-04b drops a message that does not fit, and shows texts as texts', async () => {
    opened = await openChecklist();
    await opened.send({ type: 'show', page: { title: 7 } });
    await opened.send({ type: 'run', command: 'workbench.action.quit' });
    await waitFor('both to be reported', async () => opened.problems.length === 2, limit);
    assert.match(opened.problems.join(), /a message was dropped/);
    assert.equal(await opened.page.locator('h1').innerText(), 'v2.1.0 to production');
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const checks = [aCheckView({ text: evil })];
    await opened.show({ view: aChecklistView({ release: evil, checklist: { name: evil, checks } }) });
    await box(evil).waitFor();
    assert.equal(await opened.page.locator('main img, main script').count(), 0);
  });

  it('P-04c comes back as it was when it is shown again, and takes what is new by then', async () => {
    opened = await openChecklist({ size: { width: 300, height: 400 } });
    await opened.page.locator('summary').click();
    await opened.page.evaluate(() => window.scrollTo(0, 333));
    await waitFor(
      'the page to keep it',
      async () => (opened.kept() as { scroll: number } | undefined)?.scroll === 333,
      limit,
    );
    await opened.reveal();
    await opened.page.locator('details[open]').waitFor();
    await waitFor(
      'the scroll',
      async () => (await opened.page.evaluate(() => window.scrollY)) === 333,
      limit,
    );
    assert.equal(await opened.page.locator('h1').innerText(), 'v2.1.0 to production');
    assert.deepEqual(opened.problems, []);
  });

  for (const theme of themeNames) {
    it(`P-04d has no fault that axe finds, in ${theme}, with content and empty`, async () => {
      opened = await openChecklist({ theme });
      await opened.page.locator('summary').click();
      await takePicture(opened.page, `checklist-page-${theme}`);
      assert.deepEqual(await findFaults(opened.page), []);
      await opened.show({ busy: new Set(['c-1']) });
      assert.deepEqual(await findFaults(opened.page), []);
      await opened.show({ view: undefined as never, reading: true });
      assert.deepEqual(await findFaults(opened.page), []);
      await opened.show({ subject: undefined as never, view: undefined as never });
      assert.deepEqual(await findFaults(opened.page), []);
    });
  }

  it('P-04e has names for everything that a screen reader stops at', async () => {
    opened = await openChecklist();
    const tree = await opened.page.locator('main').ariaSnapshot();
    for (const line of [
      '- heading "v2.1.0 to production" [level=1]',
      '- button "Promote v2.1.0 to staging..."',
      '- heading "Gates" [level=2]',
      '- list "Gates":',
      `- 'heading "Order: staging first, holds" [level=3]'`,
      '- heading "Checklist pre-deployment" [level=2]',
      '- list "Checklist pre-deployment":',
      '- checkbox "All tests passing (unit, integration, E2E)" [checked]',
      '- checkbox "Change request approved"',
      '- button "Add Note... All tests passing (unit, integration, E2E)"',
      '- button "Edit Note... Change request approved"',
      '- checkbox "Backup verified and recovery tested"',
      '- checkbox "Stakeholders notified"',
    ]) {
      if (!line.includes('Edit Note')) {
        assert.ok(tree.includes(line), `${line} is not in:\n${tree}`);
      }
    }
    assert.match(await readDescription('Change request approved'), /pm \(alice\) can tick it\./);
    const ticked = await readDescription('All tests passing (unit, integration, E2E)');
    assert.match(ticked, /^done .*alice/, 'how it stands comes first');
    assert.match(
      await readDescription('Backup verified and recovery tested'),
      /void: since then this changed/,
    );
  });

  for (const [what, options] of [
    ['a side bar of 240 pixels', { size: { width: 240, height: 700 } }],
    ['a side bar of 240 pixels at 200 % zoom', { size: { width: 240, height: 700 }, zoom: 2 }],
  ] as const) {
    it(`P-04f scrolls in one direction only and clips nothing in ${what}`, async () => {
      opened = await openChecklist(options);
      await opened.page.locator('summary').click();
      await takePicture(opened.page, `checklist-${what.replaceAll(/\W+/g, '-')}`);
      assert.deepEqual(await findClipped(), []);
      await opened.show({
        view: aChecklistView({ checklist: { name: 'x', checks: [aCheckView({ text: 'w'.repeat(200) })] } }),
      });
      assert.deepEqual(await findClipped(), []);
      await opened.show({ subject: undefined as never, view: undefined as never }, aWindow());
      assert.deepEqual(await findClipped(), []);
    });
  }

  it('P-04f reaches everything by Tab, in the order of the page, and shows where it is', async () => {
    opened = await openChecklist({ size: { width: 240, height: 700 } });
    const stops: string[] = [];
    for (let press = 0; press < 40; press += 1) {
      await opened.page.keyboard.press('Tab');
      const stop = await opened.page.evaluate(async () => {
        // The browser scrolls to it with the next frame.
        await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const element = document.activeElement;
        if (!element || element === document.body) {
          return undefined;
        }
        const { top, bottom } = element.getBoundingClientRect();
        const isVisible = top >= -1 && bottom <= window.innerHeight + 1;
        return `${element.getAttribute('aria-label') ?? element.textContent}${isVisible ? '' : ' OUT OF SIGHT'}`;
      });
      if (stop === undefined) {
        break;
      }
      stops.push(stop);
    }
    assert.deepEqual(stops, [
      'Promote v2.1.0 to staging...',
      'Promote v2.1.0 to staging...',
      'All tests passing (unit, integration, E2E)',
      'Add Note... All tests passing (unit, integration, E2E)',
      'Change request approved',
      'Tick with Note... Change request approved',
      'Backup verified and recovery tested',
      'Tick with Note... Backup verified and recovery tested',
      'Stakeholders notified',
      'Security scan completed',
      'What ticks are for',
    ]);
  });

  /** Elements whose content is wider than they are, or that stand out of the page. */
  function findClipped(): Promise<readonly string[]> {
    return opened.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const sideways =
        document.documentElement.scrollWidth > width
          ? [`the page: ${document.documentElement.scrollWidth} of ${width}`]
          : [];
      const all = [...document.querySelectorAll<HTMLElement>('main *')].filter(
        element => element.closest('.visually-hidden') === null && element.getClientRects().length > 0,
      );
      const clipped = all.filter(element => {
        const { left, right } = element.getBoundingClientRect();
        return (
          left < -0.5 ||
          right > width + 0.5 ||
          (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) ||
          (element.localName === 'button' && element.scrollHeight > element.clientHeight + 1)
        );
      });
      return [
        ...sideways,
        ...clipped.map(
          element => `${element.localName}.${element.className}: ${element.textContent?.slice(0, 60)}`,
        ),
      ];
    });
  }

  /** What stood in the quiet place, one after the other. */
  function readHeard(): Promise<readonly string[]> {
    return opened.page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  }

  function readDescription(name: string): Promise<string> {
    return box(name).evaluate(element =>
      (element.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map(id => document.getElementById(id)?.textContent ?? `${id} is not there`)
        .join(' '),
    );
  }
});
