import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import {
  buildMinifiedKubeconfig,
  findKubeconfigPaths,
  KubeconfigFiles,
  readKubeconfig,
  writePrivateKubeconfig,
} from '../../../daemon/clusters/kubeconfig.ts';
import { SlipwayError } from '../../../daemon/protocol/errors.ts';

const work = `
current-context: production
clusters:
- name: main
  cluster: {server: 'https://main:6443', certificate-authority: certificates/ca.crt, proxy-url: 'http://proxy:3128'}
users:
- name: alice
  user:
    client-certificate: certificates/alice.crt
    client-key-data: a2V5
    as: deployer
    as-groups: [deployers]
    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login, args: [--quiet], provideClusterInfo: true}
contexts:
- name: production
  context: {cluster: main, user: alice, namespace: kosmos}
- name: broken
  context: {cluster: nowhere, user: alice}
`;
const home = `
current-context: other
clusters:
- {name: main, cluster: {server: 'https://elsewhere:6443'}}
- {name: kind, cluster: {server: 'https://127.0.0.1:1'}}
users:
- {name: bob, user: {token: t, tokenFile: token, exec: null}}
contexts:
- {name: production, context: {cluster: kind, user: bob}}
- {name: kind, context: {cluster: kind, user: bob}}
`;

describe('the kubeconfig', () => {
  let folder: string;
  let paths: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-kubeconfig-'));
    paths = [join(folder, 'work.yaml'), join(folder, 'missing.yaml'), join(folder, 'home.yaml')];
    await writeFile(join(folder, 'work.yaml'), work);
    await writeFile(join(folder, 'home.yaml'), home);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('is found in KUBECONFIG with several paths, else at home', () => {
    assert.deepEqual(findKubeconfigPaths({ KUBECONFIG: `/a${delimiter}${delimiter}/b`, HOME: '/home/x' }), [
      '/a',
      '/b',
    ]);
    assert.deepEqual(findKubeconfigPaths({ HOME: '/home/x' }), ['/home/x/.kube/config']);
    assert.deepEqual(findKubeconfigPaths({}), []);
  });

  it('is merged as kubectl does: the first file that has a name wins', async () => {
    const { contexts, currentContext, problems } = await readKubeconfig(paths);
    assert.deepEqual(contexts, [
      { name: 'production', server: 'https://main:6443', user: 'alice', namespace: 'kosmos' },
      { name: 'kind', server: 'https://127.0.0.1:1', user: 'bob' },
    ]);
    assert.equal(currentContext, 'production');
    assert.deepEqual(problems, []);
  });

  it('goes on with the other files when one cannot be read, and says which', async () => {
    const bad = join(folder, 'bad.yaml');
    await writeFile(bad, 'clusters: [}');
    const { contexts, problems } = await readKubeconfig([bad, ...paths]);
    assert.equal(contexts.length, 2);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /bad\.yaml: /);
  });

  it('P-10g names the place of what is not YAML, and repeats nothing of the file', async () => {
    const bad = join(folder, 'broken.yaml');
    const secret = 'hunter2secret';
    for (const text of [
      `users:\n- user: {token: "${secret}}\n`,
      `token: *${secret}\n`,
      `a: !${secret} [\n`,
    ]) {
      await writeFile(bad, text);
      const { problems, ...others } = await readKubeconfig([bad]);
      const said = `${problems.join()} ${await buildMinifiedKubeconfig({ problems, ...others }, 'x').catch(String)}`;
      assert.match(said, /broken\.yaml: it is not YAML \(/);
      assert.doesNotMatch(said, new RegExp(secret));
    }
  });

  it('is read again when it is empty, since kubectl empties it before it writes it anew', async () => {
    const rewritten = join(folder, 'rewritten.yaml');
    await writeFile(rewritten, '');
    const reading = readKubeconfig([rewritten]);
    await writeFile(rewritten, home);
    assert.equal((await reading).currentContext, 'other');
  });

  it('may be empty', async () => {
    const empty = join(folder, 'empty.yaml');
    await writeFile(empty, '');
    const { contexts, problems } = await readKubeconfig([empty]);
    assert.deepEqual([contexts, problems], [[], []]);
  });

  it('is parsed anew only when a file has changed', async () => {
    const files = new KubeconfigFiles();
    const changing = join(folder, 'changing.yaml');
    await writeFile(changing, 'current-context: one\n');
    const first = await files.read([changing, ...paths]);
    assert.equal(await files.read([changing, ...paths]), first);
    await writeFile(changing, 'current-context: two\n');
    assert.equal((await files.read([changing, ...paths])).currentContext, 'two');
    await rm(changing);
    assert.equal((await files.read([changing, ...paths])).currentContext, 'production');
  });

  it('is minified to one context, with certificates embedded and paths absolute', async () => {
    const kubeconfig = await readKubeconfig(paths);
    await assert.rejects(
      buildMinifiedKubeconfig(kubeconfig, 'production'),
      /certificate-authority .*ca\.crt cannot be read/,
    );
    await mkdir(join(folder, 'certificates'), { recursive: true });
    await writeFile(join(folder, 'certificates/ca.crt'), 'authority');
    await writeFile(join(folder, 'certificates/alice.crt'), 'alice');
    const minified = parse(await buildMinifiedKubeconfig(kubeconfig, 'production'));
    assert.deepEqual(minified, {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'production',
      contexts: [{ name: 'production', context: { cluster: 'main', user: 'alice', namespace: 'kosmos' } }],
      clusters: [
        {
          name: 'main',
          cluster: {
            server: 'https://main:6443',
            'proxy-url': 'http://proxy:3128',
            'certificate-authority-data': Buffer.from('authority').toString('base64'),
          },
        },
      ],
      users: [
        {
          name: 'alice',
          user: {
            'client-key-data': 'a2V5',
            as: 'deployer',
            'as-groups': ['deployers'],
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: join(folder, 'bin/login'),
              args: ['--quiet'],
              provideClusterInfo: true,
            },
            'client-certificate-data': Buffer.from('alice').toString('base64'),
          },
        },
      ],
    });
  });

  it('keeps a token file as a file, since it is renewed there', async () => {
    const minified = parse(await buildMinifiedKubeconfig(await readKubeconfig(paths), 'kind'));
    assert.equal(minified.users[0].user.tokenFile, join(folder, 'token'));
  });

  it('names the context that is missing and where it was looked for', async () => {
    const kubeconfig = await readKubeconfig(paths);
    for (const name of ['absent', 'broken']) {
      await assert.rejects(buildMinifiedKubeconfig(kubeconfig, name), error => {
        assert.ok(error instanceof SlipwayError);
        assert.equal(error.code, 'unknownContext');
        assert.match(error.message, new RegExp(`"${name}".*work\\.yaml`));
        return true;
      });
    }
  });

  for (const [value, why] of [
    ['ftp://me:s3cret@proxy:21', 'its scheme is "ftp", not one of http, https and socks5'],
    ['socks5h://proxy:1080', 'its scheme is "socks5h", not one of http, https and socks5'],
    ['me:s3cret@proxy:3128', 'it is not a URL'],
    ['http://me:s3cret@proxy:x', 'it is not a URL'],
    ['3128', 'it is not a URL'],
  ] as const) {
    it(`names the file, the context, the cluster and the field of the proxy-url ${value}`, async () => {
      const path = join(folder, 'proxy.yaml');
      const cluster = `{server: 'https://far:6443', proxy-url: ${value === '3128' ? value : `'${value}'`}}`;
      await writeFile(
        path,
        `clusters: [{name: far, cluster: ${cluster}}]\ncontexts: [{name: behind, context: {cluster: far}}]\n`,
      );
      const kubeconfig = await readKubeconfig([join(folder, 'home.yaml'), path]);
      await assert.rejects(buildMinifiedKubeconfig(kubeconfig, 'behind'), error => {
        assert.ok(error instanceof SlipwayError);
        assert.equal(error.code, 'invalidArgument');
        assert.equal(
          error.message,
          `The proxy-url of the cluster "far" (context "behind", ${path}) cannot be used: ${why}.`,
        );
        assert.ok(error.next.includes(path) && error.next.includes('http, https and socks5'), error.next);
        assert.ok(!JSON.stringify([error.message, error.next, error.details]).includes('s3cret'));
        return true;
      });
    });
  }

  it('is written for a tool so that nobody else can read it', async () => {
    const path = join(folder, 'private', 'run', 'kubeconfig.yaml');
    await writePrivateKubeconfig(path, 'first');
    await writePrivateKubeconfig(path, 'second');
    assert.equal(await readFile(path, 'utf8'), 'second');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'private', 'run'))).mode & 0o777, 0o700);
  });
});
