import { type GivenPage, givenPage } from '../protocol/checklistProtocol.ts';

/** What the page's HTML says that it shows; `undefined` where it says nothing. */
export function readGiven(): GivenPage | undefined {
  const text = document.getElementById('given')?.textContent;
  return text ? givenPage.parse(JSON.parse(text)) : undefined;
}
