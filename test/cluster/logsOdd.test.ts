import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../sandbox/waitFor.ts';
import { LogBed } from './logBed.ts';
import { type RuntimeLine, writeTime } from './podLogWriter.ts';
import { clusterStartMs } from './sharedCluster.ts';

/** What programs write that no log likes; the number makes each line another. */
const oddTexts: readonly ((number: number) => string | Buffer)[] = [
  number => `plain ${number}`,
  number => `a line of Windows ${number}\r`,
  number => `\u001b[31mred ${number}\u001b[0m, and one that has no end \u001b[`,
  number => Buffer.concat([Buffer.from(`no UTF-8 ${number} `), Buffer.from([0xc3, 0x28, 0xff, 0xe2, 0x82])]),
  number => `L 6 ${number} 0 1 2026-11-26T00:00:00.000000000Z what an entry looks like`,
  number => `2026-11-26T00:00:00.000000000Z stdout F what the runtime writes ${number}`,
  number => `progress ${number} 10%\r20%\r30%`,
  () => '',
  () => ' ',
  () => 'the same again',
  number => `{"level":"info","msg":"first\\nsecond ${number}","at":"\u2028"}`,
  number => `a nul \0 and a tab\t${number}`,
];

describe('The log of a workload that writes what no log likes', function () {
  this.timeout(180_000);
  let bed: LogBed;

  before(async function () {
    this.timeout(clusterStartMs);
    bed = await LogBed.create('odd', 1);
  });
  after(async () => bed?.dispose());

  it('P-06a P-07p has every byte of every line once and in order, over random cuts', async () => {
    const [pod = ''] = await bed.pods(1);
    const writer = bed.writer(pod);
    const begun = `#begun ${Date.now()}`;
    await writer.append([{ time: writeTime(Date.now()), text: begun }]);
    const view = await bed.open({ workload: `pod/${pod}` });
    const written: (string | Buffer)[] = [];
    let isWriting = true;
    const cutting = (async () => {
      while (isWriting) {
        await wait(50 + Math.random() * 700);
        bed.proxy.cut();
      }
    })();
    for (let portion = 0; portion < 120; portion += 1) {
      const now = Date.now();
      const texts = Array.from(
        { length: 1 + Math.floor(Math.random() * 40) },
        (_, index) => oddTexts[Math.floor(Math.random() * oddTexts.length)]?.(portion * 100 + index) ?? '',
      );
      // A megabyte, which a cut comes into the middle of.
      texts.push(...(portion % 12 === 5 ? [`${portion} ${'ö'.repeat(500_000)}`] : []));
      written.push(...texts);
      await writer.append(
        texts.map(
          (text, index): RuntimeLine => ({
            // Many of one time, and two streams that are a little out of order.
            time: writeTime(now - (index % 7 === 3 ? 2 : 0), (index % 3) * 1_000),
            stream: index % 7 === 3 ? 'stderr' : 'stdout',
            text,
          }),
        ),
      );
      await wait(40);
    }
    isWriting = false;
    await cutting;
    const ended = `#ended ${Date.now()}`;
    await writer.append([{ time: writeTime(Date.now()), text: ended }]);
    await waitFor('the last line', () => bed.hasText(view.logId, ended), { limitMs: 60_000 });

    const path = join(bed.bed.folder, 'saved.log');
    const { logId } = view;
    await bed.client.request('log.save', { logId, path, timestamps: false, sources: false });
    // One byte is one character here; the sandbox writes a line of its own every two seconds.
    const own = /^(?:INFO|WARN|ERROR|FATAL) |^--- /;
    const saved = (await readFile(path, 'latin1')).split('\n');
    const got = saved.slice(saved.indexOf(begun) + 1, saved.indexOf(ended)).filter(line => !own.test(line));
    const wanted = written.map(text => Buffer.from(text).toString('latin1').replace(/\r$/, ''));
    const wrong = wanted.findIndex((line, index) => line !== got[index]);
    const show = (lines: readonly string[]) =>
      lines.slice(Math.max(0, wrong - 2), wrong + 3).map(line => line.slice(0, 100));
    assert.equal(wrong, -1, `at ${wrong}: ${JSON.stringify(show(wanted))}; ${JSON.stringify(show(got))}`);
    assert.equal(got.length, wanted.length);
    assert.equal((await bed.view(logId)).gaps, 0);
  });
});
