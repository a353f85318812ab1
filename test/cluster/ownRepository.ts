import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from '../../sandbox/runCommand.ts';

/** A repository that has nothing to do with the sample, without a remote. */
export class OwnRepository {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(folder: string): Promise<OwnRepository> {
    const repository = new OwnRepository(folder);
    await mkdir(folder, { recursive: true });
    await repository.git('init', '--quiet', '--initial-branch=main');
    return repository;
  }

  git(...args: string[]): Promise<string> {
    const who = ['-c', 'user.name=Sam Stranger', '-c', 'user.email=sam@shop.example'];
    return runCommand('git', [...who, ...args], { cwd: this.folder });
  }

  /** Commits files, by path, and tags the commit. */
  async release(tag: string, files: Readonly<Record<string, string>>): Promise<void> {
    await this.commit(`Make ${tag}`, files);
    await this.git('tag', '--annotate', '--message', tag, tag);
  }

  /** Commits files, by path. */
  async commit(subject: string, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '--message', subject);
  }
}

/** A chart with one workload and nothing else, as people begin with one. */
export function buildChart(
  folder: string,
  workload: {
    readonly kind: 'Deployment' | 'StatefulSet';
    readonly name: string;
    readonly repository: string;
  },
): Readonly<Record<string, string>> {
  const { kind, name, repository } = workload;
  return {
    [`${folder}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`,
    [`${folder}/values.yaml`]: `image: {repository: ${repository}, tag: latest}\nreplicas: 1\n`,
    [`${folder}/templates/workload.yaml`]: `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  replicas: {{ .Values.replicas }}
  ${kind === 'StatefulSet' ? `serviceName: ${name}` : 'revisionHistoryLimit: 3'}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        - name: proxy
          image: example/proxy:7
`,
  };
}
