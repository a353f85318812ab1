import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { listDigestChanges } from '../../../daemon/model/digests/digestChanges.ts';
import {
  buildPlanDigest,
  type PlannedMethod,
  type PlanSubject,
} from '../../../daemon/model/digests/planDigest.ts';

const method: PlannedMethod = {
  component: 'agent',
  method: 'helm deployment/agent#agent',
  words: ['upgrade', 'kosmos', './charts/kosmos', '--timeout', '10m'],
  set: { 'image.tag': 'v2.1.0', replicas: '2' },
};

const subject: PlanSubject = {
  kind: 'regular',
  environment: 'production',
  release: [
    { part: 'commit', name: '', value: 'a'.repeat(40) },
    { part: 'image', name: 'kosmos/agent', value: 'v2.1.0@unverified' },
    { part: 'chart', name: 'charts/kosmos', value: 'tree-1' },
  ],
  cluster: { id: 'uid-1', namespace: 'kosmos' },
  methods: [method],
  values: { 'values-production.yaml': 'blob-1' },
  policy: [{ part: 'policy', name: 'role pm', value: 'v1:1' }],
};

const digestOf = (values: Partial<PlanSubject> = {}) => buildPlanDigest({ ...subject, ...values });
const withMethod = (values: Partial<PlannedMethod>) => digestOf({ methods: [{ ...method, ...values }] });
const changesTo = (other: ReturnType<typeof digestOf>) => listDigestChanges(digestOf().parts, other.parts);

/** Each change that matters, with how it is said. */
const changes: readonly (readonly [string, ReturnType<typeof digestOf>, readonly string[]])[] = [
  [
    'another cluster',
    digestOf({ cluster: { id: 'uid-2', namespace: 'kosmos' } }),
    ['the cluster (was uid-1, is uid-2)'],
  ],
  [
    'another namespace',
    digestOf({ cluster: { id: 'uid-1', namespace: 'other' } }),
    ['the namespace (was kosmos, is other)'],
  ],
  [
    'another values file',
    digestOf({ values: { 'values-production.yaml': 'blob-2' } }),
    ["the chart's values (values-production.yaml)"],
  ],
  [
    'a values file more',
    digestOf({ values: { ...subject.values, 'more.yaml': 'blob-3' } }),
    ["the chart's values (more.yaml), which is new"],
  ],
  [
    'a values file less',
    digestOf({ values: {} }),
    ["the chart's values (values-production.yaml), which is gone"],
  ],
  [
    'another policy',
    digestOf({ policy: [{ part: 'policy', name: 'role pm', value: 'v1:2' }] }),
    ['the policy (role pm)'],
  ],
  [
    'another value of set:',
    withMethod({ set: { ...method.set, replicas: '3' } }),
    ['set: replicas of agent (was 2, is 3)'],
  ],
  [
    'a key of set: more',
    withMethod({ set: { ...method.set, debug: 'true' } }),
    ['set: debug of agent, which is new (true)'],
  ],
  [
    'a key of set: less',
    withMethod({ set: { 'image.tag': 'v2.1.0' } }),
    ['set: replicas of agent, which is gone (2)'],
  ],
  [
    'another argument',
    withMethod({ words: method.words.with(4, '9m') }),
    ['the arguments for agent (was 10m, is 9m)'],
  ],
  [
    'another order of arguments',
    withMethod({ words: method.words.toReversed() }),
    ['the arguments for agent (their order)'],
  ],
  [
    'another method',
    withMethod({ method: 'kubectl' }),
    ['how agent is brought there (was helm deployment/agent#agent, is kubectl)'],
  ],
  [
    'another commit with another chart and image',
    digestOf({
      release: [
        { part: 'commit', name: '', value: 'b'.repeat(40) },
        { part: 'image', name: 'kosmos/agent', value: 'v2.1.1@unverified' },
        { part: 'chart', name: 'charts/kosmos', value: 'tree-2' },
      ],
    }),
    [
      'the chart (charts/kosmos)',
      'the commit (was aaaaaaa, is bbbbbbb)',
      'the image kosmos/agent (was v2.1.0, is v2.1.1)',
    ],
  ],
];

describe('the plan digest', () => {
  for (const [what, other, said] of changes) {
    it(`P-01b P-01d changes with ${what}, and the change has a name`, () => {
      assert.notEqual(other.digest, digestOf().digest);
      assert.deepEqual(changesTo(other), said);
    });
  }

  it('P-01b differs between environments and kinds of promotion', () => {
    const digests = [digestOf(), digestOf({ environment: 'staging' }), digestOf({ kind: 'rollback' })];
    assert.equal(new Set(digests.map(({ digest }) => digest)).size, 3);
  });

  it('P-01b changes with the order of components, in which they are brought there', () => {
    const web = { ...method, component: 'web' };
    const [one, other] = [digestOf({ methods: [method, web] }), digestOf({ methods: [web, method] })];
    assert.deepEqual(listDigestChanges(one.parts, other.parts), [
      'the components or their order (was agent, web, is web, agent)',
    ]);
  });

  it('P-01c does not change with the order of the keys of set:, of values files or of policy', () => {
    const more = { a: '1', b: '2', c: '3' };
    const shuffled = fc.shuffledSubarray(Object.entries(more), { minLength: 3 });
    void fc.assert(
      fc.property(shuffled, entries => {
        const other = Object.fromEntries(entries);
        const policy = entries.map(([name, value]) => ({ part: 'policy' as const, name, value }));
        const of = (values: Record<string, string>, parts: PlanSubject['policy']) =>
          digestOf({ methods: [{ ...method, set: values }], values, policy: parts }).digest;
        assert.equal(
          of(other, policy),
          of(
            more,
            policy.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          ),
        );
      }),
    );
  });

  it('P-01b changes with the order of keys of set: where one lies inside another, since the later one wins', () => {
    const [one, other] = [
      withMethod({ set: { resources: 'null', 'resources.limits': 'x' } }),
      withMethod({ set: { 'resources.limits': 'x', resources: 'null' } }),
    ];
    assert.notEqual(one.digest, other.digest);
    assert.deepEqual(listDigestChanges(one.parts, other.parts), ['the arguments for agent (their order)']);
  });

  it('P-01b P-01d two digests are equal exactly when no part differs', () => {
    const word = fc.constantFrom('a', 'b', 'a b', '"', ',', 'a,b');
    const words = fc.array(word, { maxLength: 3 });
    const texts = fc.dictionary(word, word, { maxKeys: 2 });
    const some = fc.record({ words, set: texts, values: texts, namespace: word });
    void fc.assert(
      fc.property(some, some, (left, right) => {
        const of = ({ words: list, set, values, namespace }: typeof left) =>
          digestOf({
            methods: [{ ...method, words: list, set }],
            values,
            cluster: { id: 'uid', namespace },
          });
        const [one, other] = [of(left), of(right)];
        const said = listDigestChanges(one.parts, other.parts);
        assert.equal(one.digest === other.digest, said.length === 0, said.join());
      }),
      { numRuns: 500 },
    );
  });

  it('P-01d cuts what is too long for a sentence', () => {
    const [said = ''] = changesTo(withMethod({ set: { ...method.set, replicas: 'x'.repeat(5000) } }));
    assert.ok(said.length < 200, said);
  });
});
