import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Sandbox } from '../../sandbox/startCluster.ts';
import { clickNotification, waitForNotification } from './messages.ts';
import { orError, startPromotion, trustAndConnect } from './promoteByHand.ts';
import { pickItem, typeInto } from './quickPick.ts';
import { type Journey, readImage, startJourney, startJourneyCluster } from './startJourney.ts';

const code = '4711';

/** As many do: it asks for a code once, and from then on gives what it has got. */
const plugin = `#!/bin/sh
folder="$(dirname "$0")"
if [ ! -f "$folder/known" ]; then
  printf 'Enter the code of your device: ' >&2
  read -r answer
  [ "$answer" = "${code}" ] || { echo "wrong code" >&2; exit 1; }
  touch "$folder/known"
fi
cat "$folder/credential.json"
`;

describe('the journey of somebody whose login asks', () => {
  let started: Awaited<ReturnType<typeof startJourneyCluster>>;
  let journey: Journey;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-code-'));
    started = await startJourneyCluster();
    const kubeconfig = await writePlugin(started.cluster, folder);
    journey = await startJourney({ cluster: started.cluster, env: { KUBECONFIG: kubeconfig } });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await journey.workbench.screenshot('journey-login-failed');
    }
  });
  after(async () => {
    await journey?.end();
    await started?.end();
    await rm(folder, { recursive: true, force: true });
  });

  it('P-09m is asked in the window, answers there, and promotes', async () => {
    const { workbench, cluster } = journey;
    const { page } = workbench;
    const connected = trustAndConnect(workbench);
    const asked = waitForNotification(page, 'Enter the code of your device');
    assert.match(
      await Promise.race([asked, connected.then(() => 'nobody asked')]),
      /^login asks, to log in to https:/,
    );
    await workbench.screenshot('window-login');
    await clickNotification(page, 'Enter the code of your device', 'Answer');
    await pickItem(page, 'Login: login', 'Type an answer...');
    await typeInto(page, 'Login: login', code);
    await connected;
    await startPromotion(workbench, { release: 'v2.0.0', environment: 'development' });
    await orError(page, waitForNotification(page, 'v2.0.0 runs in development'));
    assert.equal(await readImage(cluster, 'kosmos-development'), 'kosmos/agent:v2.0.0');
  });
});

/** Puts a plugin in the place of alice's certificate; returns the path of the kubeconfig. */
async function writePlugin(cluster: Sandbox, folder: string): Promise<string> {
  const config = parse(await readFile(cluster.kubeconfigPath('alice'), 'utf8')) as {
    users: { name: string; user: Record<string, unknown> }[];
  };
  const [alice] = config.users;
  assert.ok(alice);
  const decode = (key: string) => Buffer.from(String(alice.user[key]), 'base64').toString();
  await writeFile(
    join(folder, 'credential.json'),
    JSON.stringify({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: {
        clientCertificateData: decode('client-certificate-data'),
        clientKeyData: decode('client-key-data'),
      },
    }),
    { mode: 0o600 },
  );
  await writeFile(join(folder, 'login'), plugin);
  await chmod(join(folder, 'login'), 0o755);
  alice.user = {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: './login',
      interactiveMode: 'IfAvailable',
    },
  };
  const kubeconfig = join(folder, 'config.yaml');
  await writeFile(kubeconfig, stringify(config), { mode: 0o600 });
  return kubeconfig;
}
