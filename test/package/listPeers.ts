import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The addresses at the other end of a process's TCP connections, by what the kernel says. */
export function listPeers(pid: number): readonly string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(descriptor => {
      const target = readLink(`/proc/${pid}/fd/${descriptor}`);
      return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
    }),
  );
  return ['tcp', 'tcp6'].flatMap(family =>
    readFileSync(`/proc/${pid}/net/${family}`, 'utf8')
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(([, , remote = '', , , , , , , inode = '']) => sockets.has(inode) && !/^0+:0000$/.test(remote))
      .map(([, , remote = '']) => buildAddress(remote.split(':')[0] ?? '')),
  );
}

/** The kernel writes each group of four bytes in the machine's own order. */
function buildAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(group => (group.match(/../g) ?? []).reverse());
  if (bytes.length === 4) {
    return bytes.map(byte => Number.parseInt(byte, 16)).join('.');
  }
  const groups = (bytes.join('').match(/.{4}/g) ?? []).join(':');
  const mapped = /^(?:0000:){5}ffff:(\w{2})(\w{2}):(\w{2})(\w{2})$/.exec(groups);
  if (mapped) {
    return `::ffff:${mapped
      .slice(1)
      .map(byte => Number.parseInt(byte, 16))
      .join('.')}`;
  }
  return /^(?:0000:){7}0001$/.test(groups) ? '::1' : groups;
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
