import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What esbuild says of a build: for each output file the inputs with the bytes that they became. */
export type BundleInputs = {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
};

/**
 * The licence notices of every library that is in the bundles, as one text.
 * Throws when one comes with no licence text and none can be written for it.
 */
export function buildNotices(root: string, bundles: readonly BundleInputs[]): string {
  const libraries = findLibraries(bundles).map(folder => readLibrary(root, folder));
  const texts = libraries.map(({ title, text }) => `${rule}\n${title}\n${rule}\n\n${text.trim()}\n`);
  return [
    'Slipway contains these libraries under their own licences.\n',
    libraries.map(({ title }) => `  ${title}`).join('\n'),
    '',
    ...new Set(texts),
  ].join('\n');
}

/** The folders of the libraries of which at least one byte is in a bundle, sorted. */
function findLibraries(bundles: readonly BundleInputs[]): readonly string[] {
  const found = new Set<string>();
  for (const { inputs } of bundles.flatMap(({ outputs }) => Object.values(outputs))) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
      if (folder !== undefined && bytesInOutput > 0) {
        found.add(folder);
      }
    }
  }
  return [...found].sort();
}

const rule = '-'.repeat(80);

function readLibrary(root: string, folder: string): { readonly title: string; readonly text: string } {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
    readonly author?: string | { readonly name?: string };
  };
  const files = readdirSync(join(root, folder))
    .filter(name => /^(?:licen[cs]e|copying|copyrightnotice|notices?|thirdpartynotices)(?:\.|$)/i.test(name))
    .sort();
  const { name, version, license = 'no licence named', author } = manifest;
  const written =
    files.length > 0
      ? files.map(file => readFileSync(join(root, folder, file), 'utf8').trim()).join('\n\n')
      : buildLicence(license, typeof author === 'string' ? author : author?.name);
  if (written === undefined) {
    throw new Error(`${name} ${version} (${license}) has no licence text: write one, or do without it.`);
  }
  return { title: `${name} ${version} (${license})`, text: written };
}

/** For libraries that name their licence and their author, but bring no text along. */
function buildLicence(license: string, author: string | undefined): string | undefined {
  return license === 'MIT' && author ? mit.replace('AUTHOR', author) : undefined;
}

const mit = `MIT License

Copyright (c) AUTHOR

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;
