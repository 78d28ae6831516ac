/** What the local issuer remembers (codes, sessions, refresh tokens), in a file, so that nobody has to sign in after a restart. */
import { DatabaseSync } from 'node:sqlite';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

export interface SignInStore {
  readonly adapter: AdapterFactory;
  close(): void;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS things (
    model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, expires_at INTEGER,
    grant_id TEXT, user_code TEXT, uid TEXT, PRIMARY KEY (model, id)
  );
  CREATE INDEX IF NOT EXISTS by_grant ON things (grant_id);
`;

const seconds = (): number => Math.floor(Date.now() / 1000);

type Column = 'id' | 'user_code' | 'uid';

const adapterOn = (database: DatabaseSync, model: string): Adapter => {
  const findBy = async (column: Column, value: string): Promise<AdapterPayload | undefined> => {
    const row = database
      .prepare(
        `SELECT payload FROM things WHERE model = ? AND ${column} = ? AND (expires_at IS NULL OR expires_at > ?)`,
      )
      .get(model, value, seconds());
    return row === undefined ? undefined : (JSON.parse(String(row.payload)) as AdapterPayload);
  };
  return {
    upsert: async (id, payload, expiresIn) => {
      const { grantId = null, userCode = null, uid = null } = payload;
      const expiresAt = expiresIn ? seconds() + expiresIn : null;
      database
        .prepare('INSERT OR REPLACE INTO things VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(model, id, JSON.stringify(payload), expiresAt, grantId, userCode, uid);
    },
    find: (id) => findBy('id', id),
    findByUserCode: (userCode) => findBy('user_code', userCode),
    findByUid: (uid) => findBy('uid', uid),
    consume: async (id) => {
      database
        .prepare("UPDATE things SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?")
        .run(seconds(), model, id);
    },
    destroy: async (id) => {
      database.prepare('DELETE FROM things WHERE model = ? AND id = ?').run(model, id);
    },
    revokeByGrantId: async (grantId) => {
      database.prepare('DELETE FROM things WHERE grant_id = ?').run(grantId);
    },
  };
};

export const openSignInStore = (path: string): SignInStore => {
  const database = new DatabaseSync(path);
  database.exec(SCHEMA);
  database.prepare('DELETE FROM things WHERE expires_at <= ?').run(seconds());
  return { adapter: (model) => adapterOn(database, model), close: () => database.close() };
};
