"""A real S3-compatible server (moto) on 127.0.0.1, with one empty bucket, of which everybody may read what readers.json says (the policy of
docs/stores.md). It keeps everything in memory.

    "$(tests/peers/s3/python.sh)" tests/peers/s3/server.py --port 9000 --bucket kibiras

It prints `port 9000` when it listens (`--port 0` takes a free one) and runs until it is killed. Keys of any name are taken:

    AWS_ENDPOINT_URL=http://127.0.0.1:9000 AWS_ALLOW_HTTP=true AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b
"""

import argparse
import logging
import pathlib
import sys
import threading

import boto3
from moto.server import ThreadedMotoServer


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--bucket", default="kibiras", help="made empty")
    parser.add_argument("--folder", default="portalas", help="the folder of which readers read")
    parser.add_argument("--until-input-ends", action="store_true", help="end when the standard input does")
    return parser.parse_args()


def main():
    chosen = options()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=chosen.port, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    policy = pathlib.Path(__file__).with_name("readers.json").read_text()
    policy = policy.replace("BUCKET", chosen.bucket).replace("FOLDER", chosen.folder)
    client = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    client.create_bucket(Bucket=chosen.bucket)
    client.put_bucket_policy(Bucket=chosen.bucket, Policy=policy)
    print(f"port {port}", flush=True)
    if chosen.until_input_ends:
        sys.stdin.read()
        server.stop()
    else:
        threading.Event().wait()


main()
