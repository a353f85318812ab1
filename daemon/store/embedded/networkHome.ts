import { readFileSync, realpathSync } from 'node:fs';

/** Kinds of file systems that another machine serves, as /proc/self/mounts calls them. */
const networkKinds: ReadonlySet<string> = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'smbfs',
  'afs',
  'coda',
  'ceph',
  'glusterfs',
  'lustre',
  'beegfs',
  'gpfs',
  'gfs2',
  'ocfs2',
  '9p',
  'davfs',
  'fuse.sshfs',
  'fuse.glusterfs',
  'fuse.ceph',
  'fuse.rclone',
  'fuse.s3fs',
  'fuse.davfs2',
]);

/** The kind of the network file system that holds a folder; `undefined` for a local one, or where nobody can say. */
export function readNetworkHome(folder: string): string | undefined {
  try {
    return findNetworkHome(readFileSync('/proc/self/mounts', 'utf8'), realpathSync(folder));
  } catch {
    // macOS has no /proc: there it is not known.
    return undefined;
  }
}

/** As `readNetworkHome`, from the text of /proc/self/mounts and a real path. */
export function findNetworkHome(mounts: string, path: string): string | undefined {
  let longest = '';
  let kind = '';
  for (const line of mounts.split('\n')) {
    const [, escaped = '', type = ''] = line.split(' ');
    // proc(5): space, tab, line feed and backslash are written as octal numbers.
    const point = escaped.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const holds = point === '/' || path === point || path.startsWith(`${point}/`);
    // Of two mounts at one place the later one is what is seen.
    if (point !== '' && holds && point.length >= longest.length) {
      longest = point;
      kind = type;
    }
  }
  return networkKinds.has(kind) ? kind : undefined;
}
