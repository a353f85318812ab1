import assert from 'node:assert/strict';
import { buildArgumentGroups, buildPlanText } from '../../../../extension/views/planText.ts';
import { aHoldingGate, aPlan, aStep } from '../../../builders/plan.ts';
import { someWords } from '../../../builders/views.ts';

const words = someWords();
const given = (...texts: string[]) => texts.map(text => ({ text, added: false }));
const added = (...texts: string[]) => texts.map(text => ({ text, added: true }));
const upgrade = {
  tool: 'helm' as const,
  args: [
    ...given(
      'upgrade',
      'kosmos',
      './charts/kosmos',
      '--namespace',
      'kosmos',
      '--values',
      'values-production.yaml',
    ),
    ...given('--set', 'image.tag=v2.1.0', '--wait', '--timeout', '10m'),
    ...added('--history-max', '20', '--output=json'),
  ],
};

describe('the text of a plan', () => {
  it('L-14b shows the document’s command first, one argument group a line, with our additions marked', () => {
    const text = buildPlanText(
      aPlan({
        steps: [
          aStep({ id: 'upgrade', command: upgrade, timeoutSeconds: 600 }),
          aStep({
            id: 'status',
            title: 'helm status kosmos',
            command: { tool: 'helm', args: given('status', 'kosmos', '-n', 'kosmos') },
          }),
        ],
      }),
      words,
      { started: false },
    );
    const lines = text.split('\n');
    const start = lines.indexOf('helm upgrade kosmos ./charts/kosmos');
    assert.ok(start > 0, text);
    assert.deepEqual(
      lines.slice(start, start + 8).map(line => line.replace(/ {3,}\+/, ' +')),
      [
        'helm upgrade kosmos ./charts/kosmos',
        '  --namespace kosmos',
        '  --values values-production.yaml',
        '  --set image.tag=v2.1.0',
        '  --wait',
        '  --timeout 10m',
        '  --history-max 20 + added by Slipway',
        '  --output=json + added by Slipway',
      ],
    );
    assert.ok(lines.indexOf('helm status kosmos') > start);
  });

  it('shows an argument that a shell would split in quotes', () => {
    assert.deepEqual(buildArgumentGroups({ tool: 'helm', args: given('upgrade', "it's here") }), [
      { text: "helm upgrade 'it'\\''s here'", added: false },
    ]);
  });

  it('L-14c shows images old and new and the commits between with their authors', () => {
    const text = buildPlanText(
      aPlan({
        images: [
          {
            component: 'agent',
            container: 'agent',
            before: 'kosmos/agent:v2.0.0',
            after: 'kosmos/agent:v2.1.0',
            digest: 'unverified',
          },
        ],
        commits: {
          from: 'v2.0.0',
          to: 'v2.1.0',
          direction: 'forward',
          commits: [
            { id: 'e'.repeat(40), author: 'Bob', date: '2026-11-19T09:00:00.000Z', subject: 'Mend it' },
          ],
          total: 2,
        },
      }),
      words,
      { started: false },
    );
    assert.match(
      text,
      /now: {2}kosmos\/agent:v2\.0\.0\n {2}then: kosmos\/agent:v2\.1\.0\n {2}digest: unverified/,
    );
    assert.match(text, /2 commits come in, from v2\.0\.0 to v2\.1\.0:\n\n- eeeeeee Mend it \(by Bob at /);
    assert.match(text, /- and 1 more/);
  });

  it('P-16b has a word between a commit\u2019s subject, author and time, so that writing from right to left moves none', () => {
    const subject = '\u05ea\u05d9\u05e7\u05d5\u05df';
    const author = '\u05d3\u05e0\u05d4';
    const commit = { id: 'e'.repeat(40), author, date: '2026-11-19T09:00:00.000Z', subject };
    const commits = { from: 'a', to: 'b', direction: 'forward', commits: [commit], total: 1 } as const;
    const text = buildPlanText(aPlan({ commits: { ...commits, commits: [commit] } }), words, {
      started: false,
    });
    assert.match(text, new RegExp(`^- eeeeeee ${subject} \\(by ${author} at 19 Nov 2026, 09:00:00\\)$`, 'm'));
    // In a document the editor would show the marks that isolate.
    assert.doesNotMatch(text, /[\u2066-\u2069]/);
  });

  it('P-16c counts one commit as one', () => {
    const one = { id: 'e'.repeat(40), author: 'Bob', date: '2026-11-19T09:00:00.000Z', subject: 'Mend it' };
    const textOf = (direction: 'forward' | 'backward') =>
      buildPlanText(
        aPlan({ commits: { from: 'v2.0.0', to: 'v2.1.0', direction, commits: [one], total: 1 } }),
        words,
        { started: false },
      );
    assert.match(textOf('forward'), /^1 commit comes in, from v2\.0\.0 to v2\.1\.0:$/m);
    assert.match(textOf('backward'), /^1 commit is taken back, from v2\.0\.0 to v2\.1\.0:$/m);
  });

  it('P-16n says the times in gates and warnings as people read them', () => {
    const at = '2026-11-23T14:02:07.123Z';
    const gate = {
      kind: 'lock',
      title: 'Lock: nobody else is promoting',
      state: 'hold',
      reason: `bob has been promoting v2.0.0 to staging since ${at}.`,
      enforcement: 'advice: kept on this machine',
    } as const;
    const warnings = [`It has been pending-upgrade since ${at}.`];
    const text = buildPlanText(aPlan({ gates: [gate], warnings }), words, { started: false });
    assert.doesNotMatch(text, /2026-11-23T/);
    assert.match(text, /^- Lock: nobody else is promoting: bob has .* since 14:02\.$/m);
    assert.match(text, /^- It has been pending-upgrade since 14:02\.$/m);
  });

  it('P-16d puts the mark of our additions beside them, however long the document\u2019s arguments are', () => {
    const long = `image.repository=${'registry.kosmos.internal/'.repeat(5)}agent`;
    const command = {
      tool: 'helm',
      args: [...given('upgrade', '--set', long), ...added('--install')],
    } as const;
    const text = buildPlanText(aPlan({ steps: [aStep({ command })] }), words, { started: false });
    assert.match(text, /^ {2}--install {3,30}\+ added by Slipway$/m);
  });

  it('shows the objects that change with the fields that others own', () => {
    const text = buildPlanText(
      aPlan({
        objects: [
          {
            object: 'apps/v1/Deployment/agent-name',
            change: 'change',
            conflicts: ['.spec.replicas is owned by "flagger"'],
          },
          { object: 'v1/Service/agent', change: 'same', conflicts: [] },
        ],
      }),
      words,
      { started: false },
    );
    assert.match(
      text,
      /- change: apps\/v1\/Deployment\/agent-name\n {2}- \.spec\.replicas is owned by "flagger"/,
    );
    assert.match(text, /1 object stays as it is/);
  });

  it('says on top what holds it back and what to do', () => {
    const text = buildPlanText(
      aPlan({
        gates: [aHoldingGate()],
      }),
      words,
      { started: false },
    );
    assert.match(
      text,
      /HELD BACK.*\n- Order: staging first: It never ran in staging\. Next: Promote v2\.1\.0 to staging\./,
    );
    assert.ok(text.indexOf('HELD BACK') < text.indexOf('## Steps'));
    assert.match(text, /- HOLDS: Order: staging first\n/);
    assert.match(text, /\(advice: kept on this machine\)/);
  });
});
