import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maxProcedureLength, parseProcedure } from '../../../../daemon/sources/procedure/parseProcedure.ts';
import { buildText, type TextParts } from './buildText.ts';

describe('the diagnostics of slipway.yaml', () => {
  it('L-11c stand at an unknown key, with line and column', () => {
    const text = buildText({ production: ['wibble: 1'] });
    assert.deepEqual(locate(text), [{ text: 'wibble', line: 12, path: 'environments.production.wibble' }]);
  });

  it('L-11c stand at a wrong value', () => {
    const text = buildText({ production: ['soak: soon'] });
    assert.deepEqual(locate(text), [{ text: 'soon', line: 12, path: 'environments.production.soak' }]);
  });

  it('L-11c stand at an item of a list', () => {
    const text = buildText({ top: ['people:', '  pm:', '    - paul', '    - -x'] });
    assert.deepEqual(locate(text), [{ text: '-x', line: 15, path: 'people.pm.1' }]);
  });

  it('L-11c stand at the parent of what is missing', () => {
    const text = buildText({ production: ['approvals:', '  notRequester: true'] });
    assert.deepEqual(
      locate(text).map(({ text: found, path }) => [found, path]),
      [['approvals', 'environments.production.approvals.roles']],
    );
  });

  it('L-11c are several at once, in the order of the text', () => {
    const text = buildText({ production: ['soak: soon', 'watch: {for: ever}', 'colour: red'] });
    assert.deepEqual(
      locate(text).map(found => found.text),
      ['soon', 'ever', 'colour'],
    );
  });

  it('L-11c say what is wrong beside an unknown key, too', () => {
    const text = buildText({ production: ['colour: red', 'checklist: pre-deploy'] });
    assert.deepEqual(
      locate(text).map(found => found.text),
      ['colour', 'pre-deploy'],
    );
  });

  it('L-11c do not miss everywhere what an unknown key at the top was to name', () => {
    const text = buildText({
      production: ['checklist: release'],
      top: ['checklits:', '  release: [{check: Notes read, tick: anyone}]'],
    });
    assert.deepEqual(
      locate(text).map(found => found.text),
      ['checklits'],
    );
  });

  it('L-11c say where the text is not YAML, and nothing of what follows from it', () => {
    const found = errors('name: [1,\nlinks: }\n  x: "y\n');
    assert.deepEqual(
      found.map(({ startLine, startColumn }) => [startLine, startColumn]),
      [[1, 0]],
    );
    assert.match(found[0]?.message ?? '', /^not YAML: /);
  });

  it('L-11c say once that a text with a placeholder needs quotes', () => {
    for (const [method, underlined] of [
      ['{release: k-{environment}, chart: c, values: [values-{environment}.yaml]}', '{'],
      ['{release: k, chart: c, values: [values-{environment}.yaml]}', '{'],
      ['{release: {environment}-k, chart: c, timeout: 5m}', '-k'],
    ] as const) {
      const text = buildText({ component: [`methods: {helm: ${method}}`] });
      assert.deepEqual(locate(text), [{ text: underlined, line: 5, path: '' }]);
      assert.equal(errors(text)[0]?.message, 'not YAML: put texts with {...} in quotes.');
    }
  });

  it('L-11c say that a text which begins with a star needs quotes', () => {
    for (const [tags, underlined, message] of [
      ['*', '*', /^not YAML: put a text that begins with "\*" in quotes\.$/],
      ['*-rc', '*-rc', /^nothing above is called &-rc: put a text that begins with "\*" in quotes\.$/],
    ] as const) {
      const text = buildText({ top: [`releases: {tags: ${tags}}`] });
      assert.equal(locate(text)[0]?.text, underlined);
      assert.match(errors(text)[0]?.message ?? '', message);
    }
  });

  it('L-11c say of a second document, and of a merge key, what to do', () => {
    const second = `${buildText({})}---\nname: other\n`;
    assert.deepEqual(
      errors(second).map(({ message }) => message),
      ['a second document begins here, and one is read: take the "---" and what follows it away.'],
    );
    const key = errors(buildText({ production: ['<<: {soak: 1h}'] }));
    assert.match(key[0]?.message ?? '', /^merge keys \("<<"\) are not read: write the keys out/);
  });

  it('L-11c say how a value inside another is set', () => {
    const helm = "{release: k, chart: c, set: {image: {tag: '{version}'}}}";
    const [found] = errors(buildText({ component: [`methods: {helm: ${helm}}`] }));
    assert.match(found?.message ?? '', /found keys with values\. .*named by dots, .*: image\.tag\.$/);
  });

  it('L-11c say of an unfinished merge that it is one', () => {
    const text = `<<<<<<< HEAD\n${buildText({})}=======\n${buildText({})}>>>>>>> other\n`;
    assert.match(errors(text)[0]?.message ?? '', /^not YAML: a merge was not finished\./);
  });

  it('L-11c say of a text in another encoding which one is read', () => {
    const text = Buffer.from(`\uFEFF${buildText({})}`, 'utf16le').toString('utf8');
    assert.deepEqual(
      errors(text).map(({ message }) => message),
      ['slipway.yaml is no UTF-8 text (it may be UTF-16): save it with the encoding UTF-8.'],
    );
  });

  it('L-11c stand at a key that stands twice', () => {
    const text = buildText({ production: ['after: development'] });
    const [first] = errors(text);
    assert.equal(first?.message, 'this key stands twice.');
    assert.equal(first?.startLine, 12);
  });

  it('L-11c stand at a key that stands twice above what is not YAML', () => {
    const text = buildText({ production: ['after: development'], top: ['links: }', 'report: ]'] });
    assert.deepEqual(
      errors(text).map(({ startLine }) => startLine),
      [12, 13],
    );
  });

  it('L-11c count lines alike when they end in CR LF', () => {
    const text = buildText({ production: ['wibble: 1'] }).replaceAll('\n', '\r\n');
    assert.deepEqual(locate(text), [{ text: 'wibble', line: 12, path: 'environments.production.wibble' }]);
  });

  it('L-11c stand at the alias, not at what it stands for', () => {
    const text = buildText({ top: ['links:', '  a: &a https://example.org', 'report: *a'] });
    assert.deepEqual(locate(text), [{ text: '*a', line: 14, path: 'report' }]);
  });

  it('L-11c stand at a helm release that another component has already', () => {
    const text = withReleases('kosmos', 'kosmos');
    assert.deepEqual(locate(text), [
      { text: "'kosmos'", line: 6, path: 'components.other.methods.helm.release' },
    ]);
    assert.equal(
      errors(text)[0]?.message,
      'The component agent already has the release kosmos: one helm release is one component, so put the values of both into one `set`.',
    );
    assert.deepEqual(errors(withReleases('kosmos', 'kosmos-other')), []);
  });

  it('L-11c stand at a helm release that another component has already in one environment', () => {
    assert.deepEqual(
      errors(withReleases('k-{environment}', 'k-{environment}')).map(({ message }) => message.slice(0, 63)),
      ['The component agent already has the release k-{environment}: on'],
    );
    assert.match(
      errors(withReleases('k-{environment}', 'k-production'))[0]?.message ?? '',
      /^The component agent already has the release k-production in production: /,
    );
    assert.deepEqual(errors(withReleases('k-{environment}', 'k-other')), []);
  });

  it('offer a place for the releases and for each environment', () => {
    const { anchors } = parseProcedure(buildText({ top: ['releases: {}'] }));
    assert.deepEqual(anchors, [
      { kind: 'releases', name: 'releases', line: 12 },
      { kind: 'environment', name: 'development', line: 7 },
      { kind: 'environment', name: 'production', line: 9 },
    ]);
  });

  it('say that a file without content is empty', () => {
    for (const text of ['', '# nothing\n', '---\n']) {
      assert.match(errors(text)[0]?.message ?? '', /the file is empty/);
    }
  });

  it('refuse a file that is too long, unread', () => {
    const found = errors(`${buildText()}#${'x'.repeat(maxProcedureLength)}`);
    assert.match(found[0]?.message ?? '', /at most 200000 are read/);
  });

  it('refuse aliases of aliases that would blow up', () => {
    const names = 'abcdefghij'.split('');
    const text = names.map((name, index) => {
      const items = index === 0 ? 'x' : `*${names[index - 1]}`;
      return `${name}: &${name} [${Array(9).fill(items).join(', ')}]`;
    });
    assert.match(errors(text.join('\n'))[0]?.message ?? '', /alias/i);
  });

  it('stay at a hundred for a file that is nothing but brackets', () => {
    const found = errors(`a: ${'['.repeat(50_000)}`);
    assert.ok(found.length > 0 && found.length <= 100, String(found.length));
  });

  it('refuse a name that would be left out without a word', () => {
    assert.match(errors(buildText({ top: ['people: {__proto__: [eve]}'] }))[0]?.message ?? '', /__proto__/);
  });

  it('come back for any text, and a procedure only without errors', () => {
    const lines = buildText({ production: ['soak: 24h', 'approvals: {roles: [pm]}'] }).split('\n');
    const mutation = fc.record({
      at: fc.nat(lines.length - 1),
      how: fc.constantFrom('drop', 'double', 'cut', 'indent', 'noise'),
      noise: fc.string({ maxLength: 12, unit: 'binary' }),
    });
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 4 }), mutations => {
        const text = mutations.reduce(mutate, lines).join('\n');
        const { procedure, diagnostics } = parseProcedure(text);
        const broken = diagnostics.some(diagnostic => diagnostic.severity === 'error');
        assert.equal(procedure === undefined, broken);
        for (const diagnostic of diagnostics) {
          assert.ok(diagnostic.startLine >= 0 && diagnostic.endLine >= diagnostic.startLine);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the checks of slipway.yaml', () => {
  const cases: readonly (readonly [string, TextParts, RegExp])[] = [
    [
      'a role that people does not name',
      { production: ['approvals: {roles: [pm]}'] },
      /unknown role "pm": people does not name it/,
    ],
    ['a role without people', { top: ['people: {pm: []}'] }, /at least one entry/],
    ['a checklist that does not exist', { production: ['checklist: ready'] }, /unknown checklist "ready"/],
    [
      'a checklist to follow that does not exist',
      { production: ['afterwards: [ready]'] },
      /unknown checklist "ready"/,
    ],
    [
      'a notice target that does not exist',
      { production: ['notice: {before: 72h, to: all}'] },
      /unknown notice target "all"/,
    ],
    [
      'a check ticked by an unknown role',
      { top: ['checklists: {a: [{check: Approved, tick: pm}]}'] },
      /unknown role "pm"/,
    ],
    [
      'an image of an unknown component',
      { top: ["releases: {images: {agnet: 'a:{version}'}}"] },
      /unknown component "agnet".*Did you mean "agent"/,
    ],
    [
      'an unknown placeholder',
      { top: ["releases: {images: {agent: 'a:{verison}'}}"] },
      /"\{verison\}" cannot be filled here. Did you mean "version"\?/,
    ],
    [
      'a placeholder that means nothing where it stands',
      { top: ["releases: {images: {agent: 'a:{environment}'}}"] },
      /"\{environment\}" cannot be filled here.*Known here: \{version\}, \{number\}, \{commit\}/,
    ],
    [
      'a brace without a partner',
      { component: ["methods: {helm: {release: kosmos, chart: c, set: {a: '{version'}}}"] },
      /no partner/,
    ],
    [
      'a release that would pass for an option',
      { component: ['methods: {helm: {release: -kosmos, chart: c}}'] },
      /does not begin with "-", found "-kosmos"/,
    ],
    [
      'a chart that would pass for an option',
      { component: ['methods: {helm: {release: kosmos, chart: -c}}'] },
      /not beginning with "-", found "-c"/,
    ],
    [
      'a values file that would pass for an option',
      { component: ['methods: {helm: {release: kosmos, chart: c, values: [--post-renderer=x]}}'] },
      /not beginning with "-"/,
    ],
    [
      'a chart outside the repository',
      { component: ['methods: {helm: {release: kosmos, chart: ../c}}'] },
      /inside the repository/,
    ],
    [
      'a chart by an address',
      { component: ["methods: {helm: {release: kosmos, chart: 'oci://registry/c'}}"] },
      /inside the repository/,
    ],
    [
      'a value that helm would read as two',
      { component: ["methods: {helm: {release: kosmos, chart: c, set: {a: 'b,c=d'}}}"] },
      /put this one in a values file/,
    ],
    [
      'a time limit that helm cannot read',
      { component: ['methods: {helm: {release: kosmos, chart: c, timeout: 1d}}'] },
      /days are not known to helm/,
    ],
    [
      'a time limit of nothing',
      { component: ['methods: {helm: {release: kosmos, chart: c, timeout: 0s}}'] },
      /a length of time/,
    ],
    ['a component without a method', { component: ['methods: {}'] }, /names no method/],
    [
      'a strategy that no component has',
      { production: ['strategy: canary'] },
      /no component has strategies.canary/,
    ],
    [
      'an automatic promotion of a branch without releases',
      { top: ["releases: {branches: {develop: 'd-{commit}'}}"], production: ['automatic: {branch: devlop}'] },
      /unknown branch "devlop".*Did you mean "develop"/,
    ],
    [
      'a first environment for migrations that does not exist',
      { top: ['database: {migrations: m, first: stagin}'] },
      /unknown environment "stagin"/,
    ],
    [
      'a program that is an option',
      { production: ['automatic: {branch: main, tests: [--version]}'] },
      /does not begin with "-"/,
    ],
    [
      'a command as one text, which would need a shell',
      { production: ['automatic: {branch: main, tests: npm test}'] },
      /expected a list, found "npm test"/,
    ],
    ['an empty command', { production: ['automatic: {branch: main, tests: []}'] }, /the program comes first/],
    [
      'a link that would run a command',
      { top: ["links: {a: 'command:workbench.action.quit'}"] },
      /a web address/,
    ],
    [
      'a secret written into the file',
      { production: ["database: {url: 'jdbc:postgresql://db/x', password: hunter2}"] },
      /expected \{env: \.\.\.\}.*found "hunter2"/,
    ],
  ];
  for (const [what, parts, message] of cases) {
    it(`find ${what}`, () => {
      const messages = errors(buildText(parts)).map(diagnostic => diagnostic.message);
      assert.equal(messages.length, 1, messages.join('\n'));
      assert.match(messages[0] ?? '', message);
    });
  }

  it('find an environment that comes after one below it, or after itself, so that no circle is possible', () => {
    const text = buildText();
    assert.match(
      errors(text.replace('development:\n', 'development:\n    after: production\n'))[0]?.message ?? '',
      /"production" stands below development/,
    );
    assert.match(
      errors(text.replace('after: development', 'after: production'))[0]?.message ?? '',
      /cannot come after itself/,
    );
    assert.match(
      errors(text.replace('after: development', 'after: developmnt'))[0]?.message ?? '',
      /unknown environment "developmnt".*Did you mean "development"/,
    );
  });

  it('find a namespace that Kubernetes would refuse', () => {
    for (const namespace of ['Kosmos', 'kosmos_1', '-kosmos', 'kosmos-', 'k'.repeat(64)]) {
      const found = errors(buildText().replace('{namespace: kosmos}', `{namespace: ${namespace}}`));
      assert.match(found[0]?.message ?? '', /as Kubernetes takes it/, namespace);
    }
  });

  it('find what is wrong with a window', () => {
    const broken: readonly (readonly [string, RegExp])[] = [
      ["rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA'", /needs "first"/],
      ["first: 2026-01-04, rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA'", /2026-01-04 is a Sunday/],
      ["first: 2026-02-30, rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA'", /not a day of the calendar/],
      ["rule: 'FREQ=FORTNIGHTLY'", /no part of a recurrence/],
      ["rule: 'FREQ=WEEKLY;BYDAYS=SA'", /unknown part "BYDAYS".*Did you mean "BYDAY"/],
      ["rule: 'FREQ=WEEKLY;FREQ=DAILY'", /stands twice/],
      ["rule: 'FREQ=WEEKLY;INTERVAL=0'", /no part of a recurrence/],
      ["rule: 'every second saturday'", /expected a recurrence/],
    ];
    for (const [rule, message] of broken) {
      const line = `windows: {${rule}, from: '02:00', to: '04:00', zone: UTC}`;
      const found = errors(buildText({ production: [line] }));
      assert.match(found.map(diagnostic => diagnostic.message).join('\n'), message, rule);
    }
    const zone = "windows: {rule: 'FREQ=DAILY', from: '02:00', to: '04:00', zone: Europe/Berln}";
    assert.match(
      errors(buildText({ production: [zone] }))[0]?.message ?? '',
      /Did you mean "Europe\/Berlin"/,
    );
    const time = "windows: {rule: 'FREQ=DAILY', from: '24:00', to: '04:00', zone: UTC}";
    assert.match(errors(buildText({ production: [time] }))[0]?.message ?? '', /a time of day/);
    const shut = "windows: {rule: 'FREQ=DAILY', from: '02:00', to: '02:00', zone: UTC}";
    assert.match(errors(buildText({ production: [shut] }))[0]?.message ?? '', /closes when it opens/);
  });

  it('take one window or a list of them, and name the place in the list', () => {
    const window = "{rule: 'FREQ=DAILY', from: '02:00', to: '04:00', zone: UTC}";
    assert.deepEqual(errors(buildText({ production: [`windows: [${window}, ${window}]`] })), []);
    const second = errors(
      buildText({ production: [`windows: [${window}, ${window.replace('UTC', 'UCT1')}]`] }),
    );
    assert.equal(second[0]?.path, 'environments.production.windows.1.zone');
  });

  it('find a freeze that ends before it begins', () => {
    const found = errors(buildText({ production: ['freeze: [{from: 2026-12-20, to: 2026-12-01}]'] }));
    assert.match(found[0]?.message ?? '', /before it begins/);
  });

  it('warn of an environment without a cluster and of an id that is none', () => {
    const text = buildText()
      .replace('    cluster: {namespace: kosmos-development}\n', '    purpose: none\n')
      .replace('{namespace: kosmos}', '{id: UID, namespace: kosmos}');
    const { procedure, diagnostics } = parseProcedure(text);
    assert.ok(procedure);
    assert.deepEqual(
      diagnostics.map(({ severity, path }) => [severity, path]),
      [
        ['warning', 'environments.development'],
        ['warning', 'environments.production.cluster.id'],
      ],
    );
  });
});

function errors(text: string) {
  return parseProcedure(text).diagnostics.filter(diagnostic => diagnostic.severity === 'error');
}

/** A procedure whose components agent and other, in line 6, have these Helm releases. */
function withReleases(agent: string, other: string): string {
  const method = (release: string) => `{helm: {release: '${release}', chart: c}}`;
  return buildText({ component: [`methods: ${method(agent)}`] }).replace(
    'environments:',
    `  other: {methods: ${method(other)}}\nenvironments:`,
  );
}

/** The underlined text of each error. */
function locate(text: string) {
  const lines = text.split('\n');
  return errors(text).map(({ startLine, startColumn, endLine, endColumn, path }) => {
    assert.equal(startLine, endLine);
    return { text: lines[startLine]?.slice(startColumn, endColumn), line: startLine, path };
  });
}

type Mutation = { readonly at: number; readonly how: string; readonly noise: string };

function mutate(lines: readonly string[], { at, how, noise }: Mutation): string[] {
  const line = lines[at] ?? '';
  const changed: Readonly<Record<string, readonly string[]>> = {
    drop: [],
    double: [line, line],
    cut: [line.slice(0, Math.floor(line.length / 2))],
    indent: [`  ${line}`],
    noise: [`${line}${noise}`],
  };
  return [...lines.slice(0, at), ...(changed[how] ?? []), ...lines.slice(at + 1)];
}
