// keyv and its Redis adapter: values with times to live, kept apart by namespaces, on the server whose port is the first argument.
const assert = require('node:assert/strict');
const { Keyv } = require('keyv');
const { default: KeyvRedis, createKeyv } = require('@keyv/redis');
const { createClient } = require('redis');
const { until, report } = require('./scenarios');

async function main(port) {
  const url = `redis://127.0.0.1:${port}`;
  const raw = await createClient({ url }).connect();
  const failures = [];

  const users = createKeyv(url, { namespace: 'users' });
  const sessions = new Keyv({ store: new KeyvRedis(url, { useUnlink: true, clearBatchSize: 100 }), namespace: 'sessions', ttl: 100_000 });
  for (const keyv of [users, sessions]) keyv.on('error', error => failures.push(error));

  assert.equal(await users.set('ada', { name: 'Ada', born: 1815 }), true);
  assert.equal(await sessions.set('ada', 'token'), true);
  assert.deepEqual(await users.get('ada'), { name: 'Ada', born: 1815 });
  assert.equal(await sessions.get('ada'), 'token');
  assert.equal(await users.get('nobody'), undefined);
  assert.equal((await raw.keys('*ada')).length, 2);

  // The server keeps the times to live: the default of the store, one of the value's own, and none.
  const ttlMs = async pattern => raw.pTTL((await raw.keys(pattern))[0]);
  assert.equal(await ttlMs('*users*ada'), -1);
  const sessionMs = await ttlMs('*sessions*ada');
  assert.ok(sessionMs > 50_000 && sessionMs <= 100_000, `${sessionMs} ms`);
  await users.set('brief', 'gone soon', 40);
  await until(async () => await users.get('brief') === undefined, 'the value to expire');
  assert.deepEqual(await raw.keys('*brief'), []);

  await users.setMany([{ key: 'bob', value: [1, 2] }, { key: 'cid', value: true, ttl: 50_000 }]);
  assert.deepEqual(await users.getMany(['ada', 'bob', 'nobody', 'cid']), [{ name: 'Ada', born: 1815 }, [1, 2], undefined, true]);
  assert.equal(await users.has('cid'), true);
  assert.deepEqual(await users.hasMany(['cid', 'nobody']), [true, false]);
  assert.equal(await users.delete('cid'), true);
  assert.equal(await users.delete('cid'), false);
  assert.equal(await users.deleteMany(['bob']), true);
  assert.equal(await users.has('bob'), false);

  // Clearing one namespace walks through it with SCAN, batch by batch, and leaves the other alone.
  await sessions.setMany(Array.from({ length: 1000 }, (_, index) => ({ key: `s${index}`, value: index })));
  const seen = new Set();
  for await (const [key, value] of sessions.iterator()) seen.add(`${key}=${value}`);
  assert.equal(seen.size, 1001);
  assert.ok(seen.has('s999=999'));
  await sessions.clear();
  assert.deepEqual(await raw.keys('*sessions*'), []);
  assert.deepEqual(await users.get('ada'), { name: 'Ada', born: 1815 });

  await users.disconnect();
  await sessions.disconnect();
  await raw.close();
  assert.deepEqual(failures, []);
}

report(main(Number(process.argv[2])));
