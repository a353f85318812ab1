import * as z from 'zod';
import { digestSchema } from '../../protocol/digest.ts';
import { buildRecordInput } from '../eventSchemas.ts';
import type {
  Connection,
  ConnectionRecords,
  Records,
  RepositoryRecords,
  SeenTag,
  TagRecords,
  Trust,
  TrustRecords,
} from '../records.ts';
import type { Database } from './database.ts';
import { jsonColumn } from './jsonColumn.ts';
import type { Ledger } from './ledger.ts';

/** The small tables of the embedded store; what a person said is journalled in the same transaction. */
export function buildEmbeddedRecords(database: Database, ledger: Ledger): Records {
  return {
    trust: buildTrust(database, ledger),
    connections: buildConnections(database, ledger),
    tags: buildTags(database, ledger),
    repositories: buildRepositories(database, ledger),
  };
}

function buildRepositories(database: Database, ledger: Ledger): RepositoryRecords {
  return {
    folderOf: repositoryId =>
      database.get(folderSchema, 'SELECT folder FROM repositories WHERE repositoryId = ?', repositoryId)
        ?.folder,
    set: ({ repositoryId, folder }) =>
      database.run(
        'INSERT OR REPLACE INTO repositories VALUES (?, ?, ?)',
        repositoryId,
        folder,
        ledger.now(),
      ),
  };
}

const folderSchema = z.object({ folder: z.string() });

function buildTrust(database: Database, ledger: Ledger): TrustRecords {
  return {
    get: repositoryId =>
      database.get(trustSchema, 'SELECT * FROM trust WHERE repositoryId = ?', repositoryId),
    set: given =>
      ledger.write(append => {
        const trust: Trust = { ...given, at: ledger.now() };
        const { repositoryId, commandsDigest, commands, person, at } = trust;
        const sql = 'INSERT OR REPLACE INTO trust VALUES (?, ?, ?, ?, ?)';
        database.run(sql, repositoryId, commandsDigest, JSON.stringify(commands), person, at);
        const lists = commands.map(command => [...command]);
        append(
          buildRecordInput('repository.trusted', { repositoryId, commandsDigest, commands: lists, person }),
        );
        return trust;
      }),
  };
}

function buildConnections(database: Database, ledger: Ledger): ConnectionRecords {
  const one = 'SELECT * FROM connections WHERE repositoryId = ? AND environment = ?';
  return {
    get: (repositoryId, environment) => database.get(connectionSchema, one, repositoryId, environment),
    list: repositoryId =>
      database.all(
        connectionSchema,
        'SELECT * FROM connections WHERE repositoryId = ? ORDER BY environment',
        repositoryId,
      ),
    set: given =>
      ledger.write(append => {
        const connection: Connection = { ...given, at: ledger.now() };
        const { repositoryId, environment, context, kubeconfigs, clusterId, server, person, at } = connection;
        database.run(
          'INSERT OR REPLACE INTO connections VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          repositoryId,
          environment,
          context,
          JSON.stringify(kubeconfigs),
          clusterId ?? null,
          server,
          person,
          at,
        );
        // The kubeconfigs' paths are private: they stay out of the journal.
        const cluster = clusterId === undefined ? {} : { clusterId };
        append(
          buildRecordInput('environment.connected', {
            repositoryId,
            environment,
            context,
            server,
            ...cluster,
            person,
          }),
        );
        return connection;
      }),
    withdraw: ({ repositoryId, environment, person }) =>
      ledger.write(append => {
        const sql = 'DELETE FROM connections WHERE repositoryId = ? AND environment = ?';
        if (database.run(sql, repositoryId, environment) > 0) {
          append(buildRecordInput('environment.disconnected', { repositoryId, environment, person }));
        }
      }),
  };
}

function buildTags(database: Database, ledger: Ledger): TagRecords {
  const list = (repositoryId: string): readonly SeenTag[] =>
    database.all(
      tagSchema,
      `SELECT tag, commitId AS "commit", firstSeen FROM tags WHERE repositoryId = ? ORDER BY tag`,
      repositoryId,
    );
  return {
    list,
    see: (repositoryId, tags) =>
      ledger.write(() => {
        const sql = 'INSERT INTO tags VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
        for (const { tag, commit } of tags) {
          database.run(sql, repositoryId, tag, commit, ledger.now());
        }
        return list(repositoryId);
      }),
    acceptMove: ({ repositoryId, tag, commit, person }) =>
      ledger.write(append => {
        const seen = database.get(
          z.object({ commit: z.string() }),
          `SELECT commitId AS "commit" FROM tags WHERE repositoryId = ? AND tag = ?`,
          repositoryId,
          tag,
        );
        if (!seen || seen.commit === commit) {
          return;
        }
        const sql = 'UPDATE tags SET commitId = ? WHERE repositoryId = ? AND tag = ?';
        database.run(sql, commit, repositoryId, tag);
        append(
          buildRecordInput('release.tagMoveAccepted', {
            repositoryId,
            tag,
            from: seen.commit,
            to: commit,
            person,
          }),
        );
      }),
  };
}

const trustSchema = z.object({
  repositoryId: z.string(),
  commandsDigest: digestSchema,
  commands: jsonColumn.pipe(z.array(z.array(z.string()))),
  person: z.string(),
  at: z.string(),
});

const connectionSchema = z
  .object({
    repositoryId: z.string(),
    environment: z.string(),
    context: z.string(),
    kubeconfigs: jsonColumn.pipe(z.array(z.string())),
    clusterId: z.nullable(z.string()),
    server: z.string(),
    person: z.string(),
    at: z.string(),
  })
  .transform(
    ({ clusterId, ...row }): Connection => ({ ...row, ...(clusterId === null ? {} : { clusterId }) }),
  );

const tagSchema = z.object({ tag: z.string(), commit: z.string(), firstSeen: z.string() });
