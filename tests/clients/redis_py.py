"""Debian's python3-redis against a server whose port is the first argument."""

import sys

import redis


def main(port):
    client = redis.Redis(port=port, client_name="redis-py-test", decode_responses=True)
    assert client.ping() is True
    assert client.client_getname() == "redis-py-test"

    assert client.set("a", "value", ex=1000) is True
    assert client.get("a") == "value"
    assert 900 < client.ttl("a") <= 1000
    assert client.set("a", "other", nx=True) is None
    assert client.incrby("counter", 41) == 41
    assert client.incrbyfloat("float", 0.1) == 0.1
    assert client.mset({"b": "1", "c": "2"}) is True
    assert client.mget("b", "c", "nothing") == ["1", "2", None]
    binary = redis.Redis(port=port)
    binary.set("binary", b"\x00\xff\r\n$")
    assert binary.get("binary") == b"\x00\xff\r\n$"
    try:
        client.incr("a")
        raise AssertionError("INCR of a text did not fail")
    except redis.ResponseError as error:
        assert "not an integer" in str(error)

    with client.pipeline(transaction=False) as pipe:
        for _ in range(1000):
            pipe.incr("piped")
        assert pipe.execute()[-1] == 1000

    with client.pipeline() as pipe:
        pipe.watch("counter")
        value = int(pipe.get("counter"))
        pipe.multi()
        pipe.set("counter", value + 1)
        assert pipe.execute() == [True]
        pipe.watch("counter")
        client.set("counter", "7")
        pipe.multi()
        pipe.incr("counter")
        try:
            pipe.execute()
            raise AssertionError("a changed key did not abort the transaction")
        except redis.WatchError:
            pass

    assert sorted(client.scan_iter(match="*", count=2)) == ["a", "b", "binary", "c", "counter", "float", "piped"]

    streams(client)

    subscriber = client.pubsub()
    subscriber.subscribe("news")
    subscriber.psubscribe("n*")
    kinds = [subscriber.get_message(timeout=5)["type"] for _ in range(2)]
    assert kinds == ["subscribe", "psubscribe"], kinds
    assert client.publish("news", "hello") == 2
    got = [subscriber.get_message(timeout=5) for _ in range(2)]
    assert [(each["type"], each["channel"], each["data"]) for each in got] == [("message", "news", "hello"), ("pmessage", "news", "hello")], got
    subscriber.close()

    assert client.info("server")["redis_version"] == "7.2.6"
    assert client.config_get("maxmemory") == {"maxmemory": "0"}
    assert any(each["name"] == "redis-py-test" for each in client.client_list())


def streams(client):
    for number in (1, 2, 3):
        assert client.xadd("log", {"number": number, "text": "entry"}, id=f"1-{number}") == f"1-{number}"
    entries = [(f"1-{number}", {"number": str(number), "text": "entry"}) for number in (1, 2, 3)]
    assert client.xrange("log") == entries
    assert client.xrevrange("log", count=1) == entries[2:]
    assert client.xread({"log": "1-1"}, count=1) == [["log", entries[1:2]]]
    assert client.xread({"log": "$"}, block=10) == []

    assert client.xgroup_create("log", "workers", id="0") is True
    assert client.xreadgroup("workers", "first", {"log": ">"}, count=2) == [["log", entries[:2]]]
    assert client.xreadgroup("workers", "second", {"log": ">"}) == [["log", entries[2:]]]
    assert client.xack("log", "workers", "1-1") == 1
    assert client.xpending("log", "workers") == {
        "pending": 2, "min": "1-2", "max": "1-3", "consumers": [{"name": "first", "pending": 1}, {"name": "second", "pending": 1}]}
    assert client.xclaim("log", "workers", "second", 0, ["1-2"]) == entries[1:2]
    assert [each["message_id"] for each in client.xpending_range("log", "workers", "-", "+", 10, "second")] == ["1-2", "1-3"]
    assert client.xautoclaim("log", "workers", "first", 0, justid=True) == ["1-2", "1-3"]
    assert client.xinfo_stream("log")["entries-added"] == 3
    assert [each["lag"] for each in client.xinfo_groups("log")] == [0]
    assert [each["pending"] for each in client.xinfo_consumers("log", "workers")] == [2, 0]
    assert client.xtrim("log", maxlen=1, approximate=False) == 2
    assert client.xdel("log", "1-3") == 1
    assert client.xgroup_destroy("log", "workers") is True
    client.delete("log")


main(int(sys.argv[1]))
print("ok")
