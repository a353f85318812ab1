import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { buildDigest } from '../../../daemon/model/digest.ts';
import { listDigestChanges } from '../../../daemon/model/digests/digestChanges.ts';
import type { NamedDigest } from '../../../daemon/model/digests/digestParts.ts';
import { buildReleaseDigest, buildReleaseParts } from '../../../daemon/model/digests/releaseDigest.ts';
import { fillTemplate } from '../../../daemon/model/template.ts';
import { readPlanDigest } from '../../../daemon/promotion/readPlanDigest.ts';
import { parseProcedure } from '../../../daemon/sources/procedure/parseProcedure.ts';
import { buildReleaseImages } from '../../../daemon/sources/releases/releaseFacts.ts';

// biome-ignore lint/suspicious/noExplicitAny: the file is changed anywhere, as a person does in the editor.
type File = any;

const text = `
apiVersion: slipway.dev/v1
kind: Procedure
name: kosmos
document: docs/deployment-procedures.md
people: {pm: [paul, petra], dev-lead: [dana], nobody: [nemo]}
releases: {tags: 'v*', images: {agent: 'kosmos/agent:{version}'}}
components:
  agent:
    workload: deployment/agent-name
    container: agent
    methods:
      helm:
        release: kosmos
        chart: ./charts/kosmos
        values: ['values-{environment}.yaml', common.yaml]
        set: {image.tag: '{version}', replicas: 2}
        timeout: 10m
        install: true
environments:
  staging:
    purpose: Validation
    cluster: {namespace: kosmos-staging}
  production:
    purpose: Live
    data: live
    after: staging
    checklist: pre-deployment
    cluster: {namespace: kosmos}
checklists:
  pre-deployment:
    - {check: Change approved, tick: pm}
    - {check: Backup verified, tick: dev-lead}
    - {check: Tests pass, tick: anyone, scope: release}
  unused: [health]
links: {board: 'https://example.org'}
`;

const agent = (file: File) => file.components.agent;
const helm = (file: File) => agent(file).methods.helm;
const production = (file: File) => file.environments.production;
const list = (file: File) => file.checklists['pre-deployment'];

/** Everything that a tick or an approval for production is about, as a person would change it, and how it is called. */
const matters: readonly (readonly [RegExp, (file: File, word: string) => void])[] = [
  [
    /set: replicas of agent/,
    (file, word) => {
      helm(file).set.replicas = `2${word}`;
    },
  ],
  [
    /set: more of agent, which is new/,
    (file, word) => {
      helm(file).set.more = word;
    },
  ],
  [/set: image\.tag of agent/, file => delete helm(file).set['image.tag']],
  [/arguments for agent .*values/, (file, word) => void helm(file).values.push(`${word}.yaml`)],
  [/arguments for agent \(their order\)/, file => void helm(file).values.reverse()],
  [
    /arguments for agent .*11m/,
    file => {
      helm(file).timeout = '11m';
    },
  ],
  [
    /arguments for agent .*--install/,
    file => {
      helm(file).install = false;
    },
  ],
  [
    /arguments for agent .*--wait=legacy/,
    file => {
      helm(file).wait = 'legacy';
    },
  ],
  [
    /arguments for agent/,
    (file, word) => {
      helm(file).release = `k${word}`;
    },
  ],
  [
    /the chart \(charts\/k/,
    (file, word) => {
      helm(file).chart = `charts/k${word}`;
    },
  ],
  [
    /how agent is brought there/,
    (file, word) => {
      agent(file).workload = `deployment/a${word}`;
    },
  ],
  [
    /how agent is brought there/,
    (file, word) => {
      agent(file).container = `c${word}`;
    },
  ],
  [
    /the image kosmos\/agent/,
    (file, word) => {
      file.releases.images.agent = `kosmos/a${word}:{version}`;
    },
  ],
  [
    /the namespace/,
    (file, word) => {
      production(file).cluster.namespace = `n${word}`;
    },
  ],
  [/policy \(role pm\)/, (file, word) => void file.people.pm.push(word)],
  [/policy \(role pm\)/, file => void file.people.pm.pop()],
  [/policy \(after\), which is gone/, file => delete production(file).after],
  [/policy \(checklist\), which is gone/, file => delete production(file).checklist],
  [
    /policy \(soak\), which is new/,
    file => {
      production(file).soak = '24h';
    },
  ],
  [
    /policy \(checklist pre-deployment\)/,
    (file, word) => {
      list(file)[0].check = `Other ${word}`;
    },
  ],
  [
    /policy \(checklist pre-deployment\)/,
    file => {
      list(file)[0].tick = 'dev-lead';
    },
  ],
  [
    /policy \(checklist pre-deployment\)/,
    file => {
      list(file)[0].scope = 'promotion';
    },
  ],
  [/policy \(checklist pre-deployment\)/, (file, word) => void list(file).push({ check: word, tick: 'pm' })],
  [/policy \(checklist pre-deployment\)/, file => void list(file).pop()],
];

/** What a tick for production is not about. */
const harmless: readonly ((file: File, word: string) => void)[] = [
  (file, word) => {
    file.links[word] = 'https://example.org/new';
  },
  file => delete file.links,
  (file, word) => {
    file.name = `k${word}`;
  },
  (file, word) => {
    file.document = `docs/${word}.md`;
  },
  (file, word) => {
    file.report = `docs/${word}/{version}.md`;
  },
  (file, word) => {
    file.notify = { [word]: { smtp: 'team@kosmos.internal' } };
  },
  file => {
    file.releases.tags = 'release-*';
  },
  (file, word) => {
    production(file).purpose = word;
  },
  file => {
    production(file).data = 'synthetic';
  },
  (file, word) => {
    file.environments.staging.purpose = word;
  },
  file => {
    file.environments.staging.soak = '1h';
  },
  file => {
    file.environments.staging.checklist = 'unused';
  },
  (file, word) => {
    file.environments.staging.cluster.namespace = `n${word}`;
  },
  (file, word) => {
    file.environments[`e${word}`] = { cluster: { namespace: 'other' } };
  },
  (file, word) => void file.people.nobody.push(word),
  (file, word) => {
    file.people[`r${word}`] = [word];
  },
  file => void file.people.pm.reverse(),
  file => void list(file).reverse(),
  file => {
    file.checklists.unused = ['metrics', 'errors'];
  },
];

const word = fc.stringMatching(/^[a-z]{3,12}$/);
const noise = fc.array(fc.tuple(fc.constantFrom(...harmless), word), { maxLength: 6 });
const order = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));

describe('the digests of a release and of a plan', () => {
  it('P-01c change with nothing but what ticks are about: links, comments, key order, other environments', async () => {
    const before = await digest(text);
    await fc.assert(
      fc.asyncProperty(noise, order, fc.boolean(), async (edits, stream, comments) => {
        const next = () => stream.next().value ?? 0;
        const file = shuffle(edit(edits), next);
        const written = comments ? stringify(file).replace(/$/gm, ' # a comment') : stringify(file);
        assert.deepEqual(await digest(written), before);
      }),
      { numRuns: 200 },
    );
  });

  it('P-01b P-01d change with everything that ticks are about, whatever else changes, and name it', async () => {
    const before = await digest(text);
    const change = fc.tuple(fc.constantFrom(...matters), word);
    await fc.assert(
      fc.asyncProperty(change, noise, async ([[said, act], value], edits) => {
        const file = edit(edits);
        act(file, value);
        const after = await digest(stringify(file));
        assert.notEqual(after.digest, before.digest);
        assert.match(listDigestChanges(before.parts, after.parts).join('; '), said);
      }),
      { numRuns: 400 },
    );
  });

  it('P-01b change with the commit, and with each file that helm reads at it', async () => {
    const before = await digest(text);
    const others = [
      await digest(text, { commit: 'b'.repeat(40) }),
      await digest(text, { changed: 'values-production.yaml' }),
      await digest(text, { changed: 'common.yaml' }),
      await digest(text, { clusterId: 'uid-2' }),
      await digest(text, { version: 'v2.1.1' }),
    ];
    assert.equal(new Set([before, ...others].map(found => found.digest)).size, others.length + 1);
    assert.deepEqual(
      others.slice(1, 3).map(({ parts }) => listDigestChanges(before.parts, parts)),
      [["the chart's values (values-production.yaml)"], ["the chart's values (common.yaml)"]],
    );
  });
});

/** The plan digest for production by this text, as the daemon computes it. */
async function digest(
  source: string,
  at: {
    readonly commit?: string;
    readonly version?: string;
    readonly clusterId?: string;
    readonly changed?: string;
  } = {},
): Promise<NamedDigest> {
  const { procedure, diagnostics } = parseProcedure(source);
  const environment = procedure?.environments.find(({ name }) => name === 'production');
  assert.ok(procedure && environment, JSON.stringify(diagnostics));
  const { commit = 'a'.repeat(40), version = 'v2.1.0', clusterId = 'uid' } = at;
  const release = { commit, version };
  const chart = procedure.components[0]?.helm?.chart.replace('./', '') ?? '';
  const facts = {
    commit,
    images: buildReleaseImages(procedure, release),
    charts: [{ path: fillTemplate(chart, { ...release, environment: '' }), tree: 'tree' }],
  };
  const releaseDigest = { digest: buildReleaseDigest(facts), parts: buildReleaseParts(facts) };
  const readIds = async (_: string, paths: readonly string[]) =>
    Object.fromEntries(paths.map(path => [path, buildDigest([path, path === at.changed])]));
  return readPlanDigest({ readIds }, { procedure, environment, release, releaseDigest, clusterId });
}

function edit(edits: readonly (readonly [(file: File, word: string) => void, string])[]): File {
  const file = parse(text);
  for (const [act, value] of edits) {
    file.links ??= {};
    act(file, value);
  }
  return file;
}

/** Shuffles the keys of every object but those whose order means something. */
function shuffle(value: unknown, next: () => number, name = ''): unknown {
  if (Array.isArray(value)) {
    return value.map(item => shuffle(item, next));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const keeps = ['environments', 'components', 'methods'].includes(name);
  const entries = Object.entries(value).map(([key, member]) => ({ key, member, place: next() }));
  const ordered = keeps ? entries : entries.toSorted((left, right) => left.place - right.place);
  return Object.fromEntries(ordered.map(({ key, member }) => [key, shuffle(member, next, key)]));
}
