import type { Frame } from 'playwright-core';
import { waitFor } from '../../sandbox/waitFor.ts';
import { type PodLogWriter, writeTime } from '../cluster/podLogWriter.ts';

/**
 * Writes lines into a container's file at a steady rate; resolves to how long each took until the frame showed it, in
 * milliseconds. `watchRows` must run in the frame.
 */
export async function measureLines(
  frame: Frame,
  writer: PodLogWriter,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<readonly number[]> {
  // Lines of a turn before may still be on the screen.
  const turn = Number(await frame.evaluate('slipwayLines.length = 0, slipwayTurn = Date.now()'));
  const count = rate * seconds;
  const written = await writeSteadily(writer, { rate, count }, line => {
    return `INFO  bench turn=${turn} line=${line} of a steady stream, as lines of a service are`;
  });
  await waitFor(
    'the last line',
    async () => ((await frame.evaluate('slipwayLines.length')) as number) >= count,
    { limitMs: 60_000 },
  );
  const seen = (await frame.evaluate('slipwayTurn = 0, slipwayLines')) as readonly number[];
  return written.map((at, line) => (seen[line] ?? Number.POSITIVE_INFINITY) - at);
}

/** Resolves to when each line was written, in milliseconds since 1970. */
async function writeSteadily(
  writer: PodLogWriter,
  { rate, count }: { readonly rate: number; readonly count: number },
  buildText: (line: number) => string,
): Promise<readonly number[]> {
  const file = writer.open();
  const written: number[] = [];
  const begun = Date.now();
  try {
    while (written.length < count) {
      const due = Math.min(count, Math.ceil(((Date.now() - begun) / 1000) * rate));
      const at = Date.now();
      const lines = Array.from({ length: due - written.length }, (_, index) => ({
        time: writeTime(at, index),
        text: buildText(written.length + index),
      }));
      if (lines.length > 0) {
        file.append(lines);
        written.push(...lines.map(() => at));
      }
      // The pace of the lines is part of what is measured.
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  } finally {
    file.close();
  }
  return written;
}

/**
 * Keeps in every frame when Enter was pressed, when the first line of a log was drawn, and when each numbered line, or a
 * later one, was; in milliseconds since 1970. The rows are looked for by a timer, since VS Code writes a page into a frame
 * that was loaded before, which ends everything else that was begun in it. Then they are looked at in the task after each
 * frame that a log's page or a terminal has asked for: both change their rows in the frame that shows them, so what is
 * found has been painted. An observer of the rows would see them at the same moment, but for each row it leaves records in
 * the window's heap, a sixth of what is collected there, and so makes late what it is to measure.
 */
export const watchRows = `
  const now = () => performance.timeOrigin + performance.now();
  addEventListener('keydown', event => {
    if (event.key === 'Enter') {
      globalThis.slipwayEnter = now();
    }
  }, true);
  globalThis.slipwayLines = [];
  globalThis.slipwayTurn = 0;
  let place;
  let isLooking = false;
  let isFirstSeen = false;
  const lookSoon = () => {
    if (!isLooking) {
      isLooking = true;
      setTimeout(() => {
        isLooking = false;
        readRows();
      }, 0);
    }
  };
  const askForFrame = requestAnimationFrame;
  globalThis.requestAnimationFrame = draw => askForFrame(time => {
    try {
      draw(time);
    } finally {
      lookSoon();
    }
  });
  const findPlace = () => {
    const page = document.getElementById('page');
    return page ? page.getElementsByClassName('cm-content')[0] : document.getElementsByClassName('xterm-rows')[0];
  };
  const look = () => {
    if (!place?.isConnected) {
      place = findPlace();
      if (place) {
        lookSoon();
      }
    }
    setTimeout(look, 20);
  };
  const readRows = () => {
    const live = document.querySelector('.live-rows:not([hidden])');
    for (let row = (live ?? place)?.lastElementChild; row; row = row.previousElementSibling) {
      const text = row.textContent;
      if (!isFirstSeen && text.trim() !== '') {
        isFirstSeen = true;
        // A page that has just been filled has its first frame ahead.
        requestAnimationFrame(() => setTimeout(() => {
          globalThis.slipwayFirstLine = now();
        }));
      }
      const [, turn, found] = [...text.matchAll(/turn=(\\d+) line=(\\d+) /g)].at(-1) ?? [];
      const line = slipwayTurn && Number(turn) === slipwayTurn ? Number(found) : -1;
      if (line >= slipwayLines.length) {
        const at = now();
        while (slipwayLines.length <= line) {
          slipwayLines.push(at);
        }
      }
      if (line >= 0) {
        break;
      }
    }
  };
  look();
`;
