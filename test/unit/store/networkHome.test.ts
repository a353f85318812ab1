import assert from 'node:assert/strict';
import { findNetworkHome, readNetworkHome } from '../../../daemon/store/embedded/networkHome.ts';

const mounts = `/dev/vda / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/home /home nfs4 rw 0 0
/dev/vdb /home/local ext4 rw 0 0
//server/share /mnt/with\\040space cifs rw 0 0
alice@host: /mnt/far fuse.sshfs rw 0 0
`;

describe('a network home', () => {
  it('is told by the mount that holds the folder', () => {
    assert.equal(findNetworkHome(mounts, '/home/alice/.local/state'), 'nfs4');
    assert.equal(findNetworkHome(mounts, '/mnt/with space/state'), 'cifs');
    assert.equal(findNetworkHome(mounts, '/mnt/far'), 'fuse.sshfs');
  });

  it('is not told of a local disk, also below and beside a network one', () => {
    assert.equal(findNetworkHome(mounts, '/var/lib'), undefined);
    assert.equal(findNetworkHome(mounts, '/home/local/alice'), undefined);
    assert.equal(findNetworkHome(mounts, '/homes/alice'), undefined);
  });

  it('is not told when a local disk is mounted over it', () => {
    assert.equal(findNetworkHome(`${mounts}/dev/vdc /home ext4 rw 0 0\n`, '/home/alice'), undefined);
  });

  it('is not told of what does not exist', () => {
    assert.equal(readNetworkHome('/does/not/exist'), undefined);
  });
});
