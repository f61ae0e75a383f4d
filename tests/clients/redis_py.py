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


main(int(sys.argv[1]))
print("ok")
