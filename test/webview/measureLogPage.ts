import { measureLogPage } from './logPageFigures.ts';
import { closePages } from './openPage.ts';

/** `node test/webview/measureLogPage.ts`: prints the figures of a page that follows a million lines, as JSON. */
try {
  console.log(JSON.stringify(await measureLogPage({ lines: 1_000_000 })));
} finally {
  await closePages();
}
