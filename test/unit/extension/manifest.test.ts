import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandIds } from '../../../extension/commands/commandIds.ts';
import { decideMilestones } from '../../../extension/state/milestones.ts';
import { emptyState } from '../../../extension/state/storeState.ts';

type MenuItem = { readonly command: string; readonly when?: string };
type Manifest = {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly viewsWelcome: readonly {
      readonly view: string;
      readonly contents: string;
      readonly when?: string;
    }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly title: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly scope: string; readonly type: string; readonly enum?: readonly string[] }>
      >;
    };
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: boolean };
  };
  readonly extensionKind: readonly string[];
};

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const words = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const declared = manifest.contributes.commands.map(({ command }) => command);

describe('the manifest of the extension', () => {
  it('declares exactly the commands that the extension registers', () => {
    assert.deepEqual([...declared].sort(), [...commandIds].sort());
  });

  it('names only declared commands in menus', () => {
    const named = Object.values(manifest.contributes.menus)
      .flat()
      .map(({ command }) => command);
    assert.deepEqual(
      named.filter(command => !declared.includes(command)),
      [],
    );
  });

  it('P-15b offers what stands above a plan to the keyboard, too: in the palette and beside the tab', () => {
    const lenses = readFileSync('extension/views/planLenses.ts', 'utf8');
    const offered = [...lenses.matchAll(/lens\([^\n]*?'(slipway\.\w+)'/g)].map(match => match[1] ?? '');
    assert.ok(offered.length >= 5, `only ${offered.length} lenses found`);
    // The timeline is in the palette at any time, and asks of which promotion.
    const ofPlan = offered.filter(id => id !== 'slipway.showTimeline');
    const conditionIn = (menu: string, id: string) =>
      manifest.contributes.menus[menu]?.find(({ command }) => command === id)?.when;
    for (const id of ofPlan) {
      assert.match(conditionIn('commandPalette', id) ?? '', /resourceScheme =~ \/\^slipway-plan\//, id);
      assert.match(conditionIn('editor/title', id) ?? '', /resourceScheme == slipway-plan\b/, id);
    }
  });

  it('has a row in the README for each command of the palette, by its title', () => {
    const readme = readFileSync('README.md', 'utf8');
    const [table = ''] = /\| command \| what it does \|[\s\S]*?\n\n/.exec(readme) ?? [];
    const hidden = new Set(
      manifest.contributes.menus['commandPalette']?.flatMap(({ command, when }) =>
        when === 'false' ? [command] : [],
      ),
    );
    const titles = declared
      .filter(id => !hidden.has(id))
      .map(id => words[`command.${id.replace('slipway.', '')}`] ?? assert.fail(id));
    assert.deepEqual(
      titles.filter(title => !table.includes(`\`Slipway: ${title}\``) && !table.includes(`\`${title}\``)),
      [],
    );
  });

  it('names only declared commands in the code of views and in welcome texts', () => {
    const sources = readdirSync('extension/views')
      .map(file => readFileSync(join('extension/views', file), 'utf8'))
      .concat(Object.values(words));
    const named = sources.flatMap(source => [
      ...[
        ...source.matchAll(
          /(?:click: |lens\([^\n]*?|executeCommand\(|command: |alarm\([^)]*\), )'(slipway\.\w+)'/g,
        ),
      ],
      ...[...source.matchAll(/command:(slipway\.\w+)/g)],
    ]);
    const ids = named.map(match => match[1] ?? '');
    assert.ok(ids.length >= 10, `only ${ids.length} commands found`);
    assert.deepEqual(
      ids.filter(id => !declared.includes(id)),
      [],
    );
  });

  it('P-08j has a walkthrough: a verb and a picture for each step, in theme colours, and what completes it', () => {
    const [walkthrough, ...others] = manifest.contributes.walkthroughs;
    assert.ok(walkthrough && others.length === 0, 'one is enough');
    assert.equal(walkthrough.steps.length, 5);
    const read = (key: string) => words[key.replaceAll('%', '')] ?? assert.fail(key);
    for (const step of walkthrough.steps) {
      assert.match(read(step.title), /^(?:Open|Create|Trust|Connect|Promote) /);
      assert.match(read(step.description), /\]\(command:/, 'it leads on');
      assert.ok(read(step.media.altText).length > 20);
      assert.ok(step.completionEvents.length > 0);
      const picture = readFileSync(step.media.svg, 'utf8');
      assert.match(picture, /var\(--vscode-/);
      assert.doesNotMatch(picture, /#[0-9a-f]{3,8}\b|rgb\(|<script|href=/i, 'colours of the theme only');
    }
    // What a step waits for is a key that the extension sets.
    const keys = walkthrough.steps.flatMap(({ completionEvents }) =>
      completionEvents.flatMap(event => /^onContext:slipway\.(\w+)$/.exec(event)?.[1] ?? []),
    );
    const milestones = Object.keys(decideMilestones(emptyState));
    assert.deepEqual(keys, milestones);
  });

  it('has a text for each key, and no text that nothing uses', () => {
    const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map(match => match[1] ?? ''));
    assert.deepEqual([...used].sort(), Object.keys(words).sort());
  });

  it('has a welcome text for every state of the view', () => {
    const source = readFileSync('extension/state/viewState.ts', 'utf8');
    const union = /export type ViewState =([\s\S]*?);/.exec(source)?.[1] ?? '';
    const states = [...union.matchAll(/'(\w+)'/g)]
      .map(match => match[1] ?? '')
      .filter(state => state !== 'ready');
    assert.ok(states.length > 5);
    const conditions = manifest.contributes.viewsWelcome.map(({ when }) => when ?? '').join('\n');
    assert.deepEqual(
      states.filter(state => !new RegExp(`slipway\\.view == ${state}\\b`).test(conditions)),
      [],
    );
  });

  it('P-10c reads every setting that could name a program or a file from the machine only', () => {
    const { properties } = manifest.contributes.configuration;
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    const free = Object.entries(properties).filter(
      ([, { type, enum: choices }]) =>
        !(type === 'boolean' || type === 'number' || type === 'integer' || choices !== undefined),
    );
    assert.ok(free.length >= 4);
    for (const [name, { scope }] of free) {
      assert.equal(scope, 'machine', name);
      assert.ok(restrictedConfigurations.includes(name), name);
    }
    // A restricted setting that does not exist protects nothing.
    assert.deepEqual(
      restrictedConfigurations.filter(name => !Object.hasOwn(properties, name)),
      [],
    );
  });

  it('opens settings by the command that knows on which page the machine\u2019s are, and by no other', () => {
    const files = readdirSync('extension', { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => join('extension', file));
    const naming = [...files, 'package.json', 'package.nls.json'].filter(file =>
      readFileSync(file, 'utf8').includes('workbench.action.openSettings'),
    );
    assert.deepEqual(naming, ['extension/commands/openSettings.ts']);
  });

  it('P-10c runs where the files are', () => {
    assert.deepEqual(manifest.extensionKind, ['workspace']);
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
  });

  it('keeps activate in 80 lines', () => {
    assert.ok(readFileSync('extension/extension.ts', 'utf8').trimEnd().split('\n').length <= 80);
  });
});
