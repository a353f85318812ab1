import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTextBundle, textBundleFile } from '../../../packaging/buildTextBundle.ts';
import { collectTexts } from '../../../packaging/collectTexts.ts';
import { readLiterals } from '../../../packaging/readLiterals.ts';
import { findUntranslatedTexts } from './untranslatedTexts.ts';

/** Texts that are the same in every language, or that nobody sees. */
const exempt: readonly (readonly [file: string, text: RegExp, why: string])[] = [
  ['extension/log.ts', /^Slipway$/, 'the name of the product'],
  ['extension/views/procedureFiles.ts', /^Slipway$/, 'the name of the product'],
  ['extension/commands/commandFailure.ts', /^CommandFailure$/, 'the name of a class'],
  [
    'extension/connection/spawnDaemon.ts',
    /^(?:ended by|exit code) \{\}$/,
    'a part of an error, beside the daemon’s own words',
  ],
  [
    'extension/connection/connectionState.ts',
    /^The daemon ended the connection: \{\}$/,
    'carries the daemon’s own words',
  ],
  ['extension/uninstall.ts', /^/, 'goes to the editor’s log, where no window is'],
  ['extension/connection/removeDaemon.ts', /^/, 'goes to the editor’s log, where no window is'],
  ['webview/checklist/checkRow.ts', /^about \{\}$/, 'a class'],
  ['webview/checklist/stateSign.ts', /^sign \{\}$/, 'a class'],
  ['webview/logs/frame/buildRangeChoice.ts', /^(?:tail|since) \{\}$/, 'the value of a choice, not its text'],
  ['webview/logs/reading/questions.ts', /^Refusal$/, 'the name of a class'],
  ['extension/panels/buildPageHtml.ts', /^<!DOCTYPE html>/, 'HTML'],
  ['extension/panels/buildPageHtml.ts', /-src /, 'a security policy'],
  ['extension/panels/buildPageHtml.ts', /^<script /, 'HTML'],
];

/** Keeps the examples below from being templates themselves. */
const dollar = '$';

/** The pages get their words from the extension, so they have none of their own. */
const sources = ['extension', 'webview'].flatMap(folder =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => ({ name: join(folder, name), text: readFileSync(join(folder, name), 'utf8') })),
);

describe('the texts of the extension', () => {
  it('P-10d go through vscode.l10n wherever people see them', () => {
    // What the connection says in whole sentences is translated by `words.said`.
    const said = readFileSync(textBundleFile, 'utf8');
    const found = sources.flatMap(({ name, text }) =>
      findUntranslatedTexts(text)
        .filter(literal => !said.includes(`\n  ${JSON.stringify(literal.text)}: `))
        .filter(literal => !exempt.some(([file, form]) => file === name && form.test(literal.text)))
        .map(literal => `${name}:${literal.line}: ${JSON.stringify(literal.text)}`),
    );
    assert.deepEqual(found, []);
  });

  for (const source of [
    "window.showInformationMessage('The daemon was restarted.');",
    "return { label: 'Refresh', command: 'slipway.refreshReleases' };",
    `item.tooltip = \`Runs since ${dollar}{time}\`;`,
    "const title = 'Roll Back Environment';",
    `const text = \`${dollar}{count} more gates\`;`,
  ]) {
    it(`P-10d are found when they do not: ${source}`, () => {
      assert.equal(findUntranslatedTexts(source).length, 1);
    });
  }

  for (const source of [
    "label: words.t('Refresh')",
    "t(\n  'It points to {0}, ' +\n    'by {1}.', a, b)",
    `log(\`Old copies were not cleaned: ${dollar}{error}\`)`,
    "throw new Error('this cannot happen')",
    "// 'What is said here' is a comment",
    "const id = 'slipway.promoteRelease'",
    "const pattern = /'Some text here'/;",
  ]) {
    it(`P-10d are left alone where nobody sees them or they do: ${JSON.stringify(source)}`, () => {
      assert.deepEqual(findUntranslatedTexts(source), []);
    });
  }

  it('P-10d are all in the bundle of texts, and nothing else is (else run `npm run fix`)', () => {
    assert.equal(readFileSync(textBundleFile, 'utf8'), buildTextBundle('.'));
    const bundle = JSON.parse(readFileSync(textBundleFile, 'utf8')) as Readonly<Record<string, string>>;
    assert.ok(Object.keys(bundle).length > 300);
    assert.ok(Object.hasOwn(bundle, 'This window is in Restricted Mode.'));
    const { l10n } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly l10n: string };
    assert.equal(join(l10n, 'bundle.l10n.json'), textBundleFile);
  });

  it('P-16j are short enough for the field of a quick pick, beside the number of what is ticked', () => {
    const asked = sources.flatMap(({ text }) =>
      [...text.matchAll(/place[hH]older: (?:\w+ \? )?t\(\s*'([^']+)'/g)].map(match => match[1] ?? ''),
    );
    assert.ok(asked.length > 10);
    assert.deepEqual(
      asked.filter(text => text.length > 60),
      [],
    );
  });

  it('P-10d must be literals, with their values beside them', () => {
    const problems = (source: string) => collectTexts(source).map(({ problem }) => problem);
    assert.deepEqual(problems("t('{0} runs', name)"), [undefined]);
    assert.match(problems(`t(\`${dollar}{name} runs\`)`)[0] ?? '', /values in it/);
    assert.match(problems('t(sentence)')[0] ?? '', /no literal/);
    assert.deepEqual(problems('function t(message: string) {}'), []);
  });

  it('P-10d are read from a source as TypeScript means them', () => {
    const template = `\`one ${dollar}{two(\`three\`)} four\``;
    const source = String.raw`const a = 'it\'s'; const b = "\u2192 \x41"; const c = ${template};`;
    assert.deepEqual(
      readLiterals(source).literals.map(({ text }) => text),
      ["it's", '\u2192 A', 'one {} four', 'three'],
    );
  });
});
