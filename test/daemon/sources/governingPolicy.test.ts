import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readGoverningPolicy } from '../../../daemon/sources/procedure/governingPolicy.ts';
import { Clones, type RefreshReach } from '../../../daemon/sources/releases/clones.ts';
import { findRepository } from '../../../daemon/sources/releases/findRepository.ts';
import { TestFolder, TestRepository } from './testRepository.ts';

/** A sound slipway.yaml whose name tells it apart; `gate` adds a key to production. */
function buildFile(
  name: string,
  parts: { readonly policyFrom?: string; readonly gate?: string } = {},
): string {
  return [
    'apiVersion: slipway.dev/v1',
    'kind: Procedure',
    `name: ${name}`,
    ...(parts.policyFrom === undefined ? [] : [`policyFrom: ${parts.policyFrom}`]),
    'components: {agent: {methods: {helm: {release: kosmos, chart: charts/kosmos}}}}',
    'environments:',
    '  production:',
    '    cluster: {namespace: kosmos}',
    ...(parts.gate === undefined ? [] : [`    ${parts.gate}`]),
    '',
  ].join('\n');
}

describe('the governing policy', () => {
  let home: TestFolder;
  let clones: Clones;
  let repository: TestRepository;
  beforeEach(() => {
    home = new TestFolder();
    clones = new Clones({ git: home.git, folder: join(home.path, 'repositories') });
    repository = new TestRepository(home, 'kosmos');
  });
  afterEach(() => home.dispose());

  const read = async (reach: RefreshReach = 'origin') => {
    const found = await findRepository(home.git, repository.folder);
    const fresh = await clones.refresh(found, reach);
    return readGoverningPolicy({ clones, repository: found, fresh, reach });
  };

  it("L-11f comes from the remote's default branch", async () => {
    const commit = repository.commit('First', { 'slipway.yaml': buildFile('team') });
    repository.addOrigin();
    const { workingTree, ...policy } = await read();
    assert.deepEqual(
      { ...policy, procedure: policy.procedure?.name },
      { procedure: 'team', from: 'origin/main', commit, workingTreeDiffers: false },
    );
    assert.equal(workingTree?.procedure?.name, 'team');
  });

  it('L-11f keeps its gates when the promoter deletes them in his working tree', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team', { gate: 'soak: 24h' }) });
    repository.addOrigin();
    repository.write('slipway.yaml', buildFile('mine'));
    const policy = await read();
    assert.equal(policy.procedure?.name, 'team');
    assert.deepEqual(policy.procedure?.environments[0]?.unavailable, [
      { kind: 'soak', path: 'environments.production.soak' },
    ]);
    assert.equal(policy.workingTreeDiffers, true);
    assert.equal(policy.workingTree?.procedure?.name, 'mine');
  });

  it('L-11f keeps its gates when the promoter commits, branches or tags without pushing', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team') });
    repository.addOrigin();
    repository.commit('Mine', { 'slipway.yaml': buildFile('mine') });
    repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/other');
    repository.git('update-ref', 'refs/remotes/origin/other', 'HEAD');
    assert.equal((await read()).procedure?.name, 'team');
  });

  it('L-11f cannot be redirected by policyFrom in the working tree', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team') });
    repository.addOrigin();
    repository.git('checkout', '--quiet', '-b', 'easy');
    repository.commit('Easy', { 'slipway.yaml': buildFile('easy') });
    repository.git('push', '--quiet', 'origin', 'easy');
    repository.write('slipway.yaml', buildFile('mine', { policyFrom: 'origin/easy' }));
    const policy = await read();
    assert.deepEqual([policy.procedure?.name, policy.from], ['team', 'origin/main']);
  });

  it('L-11f follows policyFrom of the default branch, once', async () => {
    repository.git('checkout', '--quiet', '-b', 'second');
    repository.commit('Second', { 'slipway.yaml': buildFile('second') });
    repository.git('checkout', '--quiet', '--orphan', 'policy');
    const commit = repository.commit('Policy', {
      'slipway.yaml': buildFile('policy', { policyFrom: 'origin/second' }),
    });
    repository.git('checkout', '--quiet', '--orphan', 'main');
    repository.commit('First', { 'slipway.yaml': buildFile('team', { policyFrom: 'origin/policy' }) });
    repository.addOrigin();
    const policy = await read();
    assert.deepEqual(
      [policy.procedure?.name, policy.from, policy.commit],
      ['policy', 'origin/policy', commit],
    );
    assert.equal((await read('local')).procedure?.name, 'policy');
  });

  it("L-11f takes a branch without the remote's name for the remote's, never for the promoter's own", async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team', { policyFrom: 'policy' }) });
    repository.git('checkout', '--quiet', '-b', 'policy');
    repository.commit('Policy', { 'slipway.yaml': buildFile('policy') });
    repository.addOrigin();
    repository.commit('Mine', { 'slipway.yaml': buildFile('mine') });
    const policy = await read();
    assert.deepEqual([policy.procedure?.name, policy.from], ['policy', 'origin/policy']);
  });

  it('L-11f is a problem where policyFrom names a branch that the remote does not have', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team', { policyFrom: 'origin/policy' }) });
    repository.addOrigin();
    repository.git('branch', 'policy');
    const policy = await read();
    assert.match(policy.problem ?? '', /policyFrom names origin\/policy, which cannot be read here/);
    assert.match(policy.next ?? '', /^Fetch the branch that policyFrom names, or correct policyFrom/);
    assert.equal(policy.procedure?.name, 'team');
  });

  it('L-11f stays as last known while the remote cannot be reached', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team') });
    const origin = repository.addOrigin();
    await read();
    renameSync(origin, `${origin}.gone`);
    repository.commit('Mine', { 'slipway.yaml': buildFile('mine') });
    repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    const policy = await read();
    assert.deepEqual(
      [policy.procedure?.name, policy.from, policy.problem],
      ['team', 'origin/main', undefined],
    );
  });

  it('is what the own git last fetched where the remote was never reached, and says so', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team') });
    const origin = repository.addOrigin();
    renameSync(origin, `${origin}.gone`);
    repository.commit('Mine', { 'slipway.yaml': buildFile('mine') });
    const policy = await read();
    assert.deepEqual([policy.procedure?.name, policy.from], ['team', 'origin/main']);
    assert.match(policy.advice ?? '', /not reached yet.*kept on this machine only/);
  });

  it('L-11g comes from the local default branch without a remote, as advice', async () => {
    const commit = repository.commit('First', { 'slipway.yaml': buildFile('team') });
    repository.git('checkout', '--quiet', '-b', 'feature');
    repository.commit('Mine', { 'slipway.yaml': buildFile('mine') });
    const policy = await read();
    assert.deepEqual(
      [policy.procedure?.name, policy.from, policy.commit, policy.advice, policy.problem],
      ['team', 'main', commit, 'no remote: kept on this machine only', undefined],
    );
    assert.equal(policy.workingTreeDiffers, true);
  });

  it('L-11g does not call several remotes no remote', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team') });
    repository.git('remote', 'add', 'github', join(home.path, 'github.git'));
    repository.git('remote', 'add', 'gitlab', join(home.path, 'gitlab.git'));
    const policy = await read();
    assert.equal(
      policy.advice,
      'none of the remotes github, gitlab is called origin: kept on this machine only',
    );
  });

  it('L-11g stays with the local default branch where policyFrom names a remote that is not there', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team', { policyFrom: 'origin/main' }) });
    const policy = await read();
    assert.deepEqual([policy.procedure?.name, policy.from, policy.problem], ['team', 'main', undefined]);
    assert.match(policy.advice ?? '', /^no remote/);
  });

  it('L-11g follows a local branch by policyFrom without a remote', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team', { policyFrom: 'policy' }) });
    const missing = await read();
    assert.match(missing.problem ?? '', /policyFrom names policy/);
    assert.match(missing.next ?? '', /^Create the branch that policyFrom names, or correct policyFrom/);
    repository.git('checkout', '--quiet', '-b', 'policy');
    repository.commit('Policy', { 'slipway.yaml': buildFile('policy') });
    repository.git('checkout', '--quiet', 'main');
    const policy = await read();
    assert.deepEqual([policy.procedure?.name, policy.from], ['policy', 'policy']);
  });

  it('L-11g is a preview while the file is not committed', async () => {
    repository.commit('First');
    repository.write('slipway.yaml', buildFile('mine'));
    const policy = await read();
    assert.equal(policy.procedure?.name, 'mine');
    assert.match(policy.problem ?? '', /main has no slipway\.yaml.*preview.*Commit it/);
    assert.equal(policy.next, 'Commit slipway.yaml to main.');
    assert.equal(policy.workingTreeDiffers, true);
  });

  it('L-11g is a preview before the first commit', async () => {
    repository.write('slipway.yaml', buildFile('mine'));
    const policy = await read();
    assert.equal(policy.procedure?.name, 'mine');
    assert.match(policy.problem ?? '', /nothing is committed.*preview/);
    assert.equal(policy.next, 'Commit slipway.yaml to a branch called main.');
  });

  it('L-11g is a preview while the file is committed and not pushed', async () => {
    repository.commit('First');
    repository.addOrigin();
    repository.commit('Second', { 'slipway.yaml': buildFile('mine') });
    const policy = await read();
    assert.equal(policy.procedure?.name, 'mine');
    assert.match(policy.problem ?? '', /origin\/main has no slipway\.yaml.*Commit and push it/);
    assert.equal(policy.next, 'Commit slipway.yaml and push it to origin/main.');
  });

  it('is the local default branch as advice while the remote is empty', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team') });
    const origin = join(home.path, 'empty.git');
    mkdirSync(origin);
    repository.git('init', '--quiet', '--bare', origin);
    repository.git('remote', 'add', 'origin', origin);
    const policy = await read();
    assert.deepEqual([policy.procedure?.name, policy.from], ['team', 'main']);
    assert.equal(policy.advice, 'origin is empty: kept on this machine only');
  });

  it('names what is wrong with a governing file that has errors', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team', { gate: 'saok: 24h' }) });
    repository.addOrigin();
    repository.write('slipway.yaml', buildFile('mine'));
    const policy = await read();
    assert.match(
      policy.problem ?? '',
      /slipway\.yaml of origin\/main has an error; line 8: unknown key "saok".*"soak"/,
    );
    assert.equal(
      policy.next,
      'Correct slipway.yaml (see Problems), then commit it and push it to origin/main.',
    );
    assert.equal(policy.procedure?.name, 'mine');
  });

  it('refuses a governing file that is a link or far too long', async () => {
    repository.commit('First', { 'other.yaml': buildFile('team') });
    symlinkSync('other.yaml', join(repository.folder, 'slipway.yaml'));
    repository.commit('Second', {});
    const linked = await read();
    assert.match(linked.problem ?? '', /^slipway\.yaml of main is a link, which is not followed/);
    assert.equal(linked.next, 'Commit the file itself to main.');
    rmSync(join(repository.folder, 'slipway.yaml'));
    repository.commit('Third', { 'slipway.yaml': `#${'x'.repeat(1_000_000)}` });
    const long = await read();
    assert.match(long.problem ?? '', /cannot be read: slipway\.yaml has \d+ bytes/);
    assert.equal(long.next, 'Correct slipway.yaml (see Problems), then commit it to main.');
  });

  it('does not call a file different for its line ends', async () => {
    repository.commit('First', { 'slipway.yaml': buildFile('team') });
    repository.addOrigin();
    repository.write('slipway.yaml', buildFile('team').replaceAll('\n', '\r\n'));
    assert.equal((await read()).workingTreeDiffers, false);
  });
});
