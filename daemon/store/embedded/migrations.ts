/**
 * How an older store becomes a newer one, forward only: the first entry makes version 1 from nothing.
 * An entry that was released is never changed; a new version is a new entry.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    promotionId TEXT,
    payload TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX eventsByPromotion ON events (promotionId, sequence) WHERE promotionId IS NOT NULL;

  -- Folded from events, for queries; lastSequence is the last event of it.
  CREATE TABLE promotions (
    promotionId TEXT PRIMARY KEY,
    repositoryId TEXT NOT NULL,
    environment TEXT NOT NULL,
    kind TEXT NOT NULL,
    releaseVersion TEXT NOT NULL,
    releaseDigest TEXT NOT NULL,
    person TEXT NOT NULL,
    state TEXT NOT NULL,
    requestedAt TEXT NOT NULL,
    endedAt TEXT,
    requestedSequence INTEGER NOT NULL,
    lastSequence INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX promotionsByRepository ON promotions (repositoryId, requestedSequence);
  CREATE INDEX promotionsByRelease ON promotions (repositoryId, environment, releaseDigest, state);
  CREATE INDEX promotionsByState ON promotions (state);

  CREATE TABLE locks (
    clusterId TEXT NOT NULL,
    namespace TEXT NOT NULL,
    promotionId TEXT NOT NULL REFERENCES promotions (promotionId),
    since TEXT NOT NULL,
    PRIMARY KEY (clusterId, namespace)
  ) STRICT, WITHOUT ROWID;

  -- Kept longer than the events: what is not here came from outside Slipway.
  CREATE TABLE revisions (
    clusterId TEXT NOT NULL,
    namespace TEXT NOT NULL,
    release TEXT NOT NULL,
    revision INTEGER NOT NULL,
    promotionId TEXT NOT NULL,
    PRIMARY KEY (clusterId, namespace, release, revision)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE repositories (
    repositoryId TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE blobs (
    digest TEXT PRIMARY KEY,
    content BLOB NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX blobsByTime ON blobs (at);

  CREATE TABLE trust (
    repositoryId TEXT PRIMARY KEY,
    commandsDigest TEXT NOT NULL,
    commands TEXT NOT NULL,
    person TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE connections (
    repositoryId TEXT NOT NULL,
    environment TEXT NOT NULL,
    context TEXT NOT NULL,
    kubeconfigs TEXT NOT NULL,
    clusterId TEXT,
    server TEXT NOT NULL,
    person TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (repositoryId, environment)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tags (
    repositoryId TEXT NOT NULL,
    tag TEXT NOT NULL,
    commitId TEXT NOT NULL,
    firstSeen TEXT NOT NULL,
    PRIMARY KEY (repositoryId, tag)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The uid of Helm's record: a number alone does not tell a row from one that was written after an uninstall.
  ALTER TABLE revisions ADD COLUMN recordUid TEXT;
  `,
  `
  -- The ticks that stand, folded from events: the last one of each check for a release, at its place ('' = everywhere).
  CREATE TABLE ticks (
    repositoryId TEXT NOT NULL,
    release TEXT NOT NULL,
    checkId TEXT NOT NULL,
    scope TEXT NOT NULL,
    place TEXT NOT NULL,
    environment TEXT NOT NULL,
    checkText TEXT NOT NULL,
    role TEXT NOT NULL,
    person TEXT NOT NULL,
    note TEXT,
    digest TEXT NOT NULL,
    parts TEXT NOT NULL,
    at TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (repositoryId, release, checkId, scope, place)
  ) STRICT, WITHOUT ROWID;
  `,
];
