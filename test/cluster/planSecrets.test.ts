import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planTexts } from '../../daemon/protocol/plan.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import { start } from '../../sandbox/promoteOnce.ts';
import { buildHelm3Environment } from './helm3Environment.ts';
import { ensureBuilt, PromotionBed } from './promotionBed.ts';
import { clusterStartMs } from './sharedCluster.ts';

const planted = 'heron-violet-90417';
const forms = [planted, Buffer.from(planted).toString('base64').replace(/=+$/, '')];

for (const major of [4, 3]) {
  describe(`the values of a chart's Secrets with Helm ${major}`, () => {
    let bed: PromotionBed;
    /** Everything that the daemon said, as JSON. */
    const said: string[] = [];

    before(async function () {
      this.timeout(clusterStartMs);
      await ensureBuilt();
      bed = await PromotionBed.create(`secrets${major}`);
      await bed.open(major === 3 ? await buildHelm3Environment(bed.cluster) : {});
      const names = [
        'environment.changed',
        'promotion.changed',
        'repository.changed',
        'journal.appended',
        'output.appended',
      ] as const;
      for (const name of names) {
        bed.client.onNotification(name, params => said.push(JSON.stringify(params)));
      }
      await bed.client.request('session.subscribe', { since: 0 });
    });
    after(async () => bed?.dispose());

    async function release(tag: string, file: string, change: (text: string) => string): Promise<void> {
      const path = join(bed.repositoryFolder, file);
      await writeFile(path, change(await readFile(path, 'utf8')));
      await bed.git('commit', '--quiet', '--all', '--message', `Release ${tag}`);
      await bed.git('tag', '--annotate', '--message', tag, tag);
      await bed.git('push', '--quiet', 'origin', 'main', tag);
    }

    /** Plans and promotes a release, and asks for everything that can be asked about it. */
    async function promoteAndAsk(version: string): Promise<Promotion> {
      const { client, repository } = bed;
      const plan = await bed.plan('development', version);
      for (const text of planTexts) {
        said.push((await client.request('plan.readText', { planId: plan.id, text })).text);
      }
      const promotion = await start(client, plan);
      for (const { id: stepId } of promotion.steps) {
        const output = await client.request('output.follow', { promotionId: plan.id, stepId, offset: 0 });
        said.push(output.text);
      }
      const answers = await Promise.all([
        client.request('promotion.list', { repositoryId: repository.id, limit: 100 }),
        client.request('journal.read', { since: 0, limit: 1000 }),
        client.request('repository.open', { folder: bed.repositoryFolder }),
      ]);
      said.push(JSON.stringify([plan, promotion, answers]));
      return promotion;
    }

    function requireNothingSaid(): void {
      for (const form of forms) {
        const found = said.find(text => text.includes(form));
        assert.equal(found, undefined, `${form} is in what the daemon said`);
      }
    }

    it('L-14g are in no text of the plan, no answer and no notice', async () => {
      await release(
        'v2.3.0',
        'values-development.yaml',
        text => `${text}\nqueue: {user: agent, password: ${planted}}\n`,
      );
      const { state, reason } = await promoteAndAsk('v2.3.0');
      assert.equal(state, 'succeeded', reason);
      const args = [
        'get',
        'secret',
        'agent-queue',
        '-n',
        bed.namespaces.development,
        '-o',
        'jsonpath={.data}',
      ];
      assert.ok((await bed.cluster.kubectl(args)).includes(forms[1] ?? ''), 'the cluster has the value');
      assert.ok(
        said.some(text => text.includes('QUEUE_PASSWORD: ••••')),
        'the diff shows a mask',
      );
      requireNothingSaid();
    });

    it('L-14g are not repeated in what the API server or helm say against a Secret', async () => {
      await release('v2.3.1', 'charts/kosmos/templates/secret.yaml', text =>
        text.replace(
          'QUEUE_PASSWORD: {{ .Values.queue.password | b64enc | quote }}',
          'QUEUE_PASSWORD: {{ .Values.queue.password | quote }}',
        ),
      );
      const { state, plan } = await promoteAndAsk('v2.3.1');
      assert.equal(state, 'failed');
      const secret = plan.objects.find(({ object }) => object === 'v1/Secret/agent-queue');
      assert.equal(secret?.change, 'error');
      assert.match(secret?.conflicts.join() ?? '', /refuses it .*its words are hidden/);
      requireNothingSaid();
    });

    it('L-14g are in no file of the state folder but the commit itself', async () => {
      const files = await readdir(bed.home, { recursive: true, withFileTypes: true });
      const own = files
        .filter(file => file.isFile())
        .map(file => join(file.parentPath, file.name))
        .filter(
          path =>
            !path.startsWith(join(bed.home, 'checkouts')) && !path.startsWith(join(bed.home, 'repositories')),
        );
      assert.ok(
        own.some(path => path.endsWith('.log')) && own.some(path => /\.(?:db|sqlite)/.test(path)),
        own.join('\n'),
      );
      for (const path of own) {
        const bytes = await readFile(path);
        for (const form of forms) {
          assert.equal(bytes.includes(form), false, `${form} is in ${path}`);
        }
      }
    });
  });
}
