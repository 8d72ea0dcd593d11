# Read by run.sh: a real Spark cluster on loopback, from the Python package: a master, two workers with processes of their own, and a Spark Connect
# server, which is the driver. All ports are free ones, all files lie in $cluster.
#
#     cluster_start          starts what is not running; sets $remote (sc://…) and writes the token to $cluster/token
#     cluster_stop [NAME…]   ends all of it, or master, worker1, worker2, connect
#     cluster_ticks          processor time of all of it so far, in hundredths of a second
#     executors              process ids of the executors that run now
#
# Wanted before: $venv (a Python with pyspark), $cluster (an empty folder), $shared (the shared folder).

export SPARK_HOME SPARK_CONF_DIR SPARK_LOCAL_DIRS SPARK_DAEMON_MEMORY=256m SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_HOSTNAME=127.0.0.1 SPARK_NO_DAEMONIZE=1 PYSPARK_PYTHON

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

secret() {
    python3 -c 'import secrets; print(secrets.token_hex(24))'
}

cluster_prepare() {
    SPARK_HOME=$(echo "$venv"/lib/python3.*/site-packages/pyspark)
    PYSPARK_PYTHON=$venv/bin/python
    SPARK_CONF_DIR=$cluster/conf
    SPARK_LOCAL_DIRS=$cluster/local
    mkdir -p "$cluster"/{conf,log,events,local,worker1,worker2,warehouse}
    chmod 700 "$cluster"
    master_port=$(free_port) connect_port=$(free_port) token=$(secret)
    (umask 077; printf '%s' "$token" >"$cluster/token")
    remote="sc://127.0.0.1:$connect_port"
    (
        umask 077
        cat >"$cluster/conf/spark-defaults.conf" <<END
spark.authenticate true
spark.authenticate.secret $(secret)
spark.network.crypto.enabled true
spark.io.encryption.enabled true
spark.connect.authenticate.token $token
spark.connect.grpc.binding.address 127.0.0.1
spark.connect.grpc.binding.port $connect_port
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.executor.memory 1g
spark.executor.cores 1
spark.cores.max 2
spark.ui.enabled false
spark.eventLog.enabled true
spark.eventLog.compress false
spark.eventLog.dir file://$cluster/events
spark.sql.warehouse.dir $cluster/warehouse
END
    )
}

# NAME COMMAND…: in the background, with its process id.
cluster_process() {
    local name=$1
    shift
    nohup "$@" >"$cluster/log/$name.log" 2>&1 &
    echo $! >"$cluster/$name.pid"
}

# NAME WORDS: until they stand in its log.
cluster_wait() {
    local _
    for _ in $(seq 600); do
        if grep -q "$2" "$cluster/log/$1.log" 2>/dev/null; then return 0; fi
        if ! kill -0 "$(cat "$cluster/$1.pid")" 2>/dev/null; then break; fi
        sleep 0.2
    done
    echo "spark: $1 did not start:" >&2
    tail -20 "$cluster/log/$1.log" >&2
    return 1
}

cluster_start() {
    local worker class=org.apache.spark.deploy
    if [ ! -e "$cluster/conf" ]; then cluster_prepare; fi
    if [ ! -e "$cluster/master.pid" ]; then
        cluster_process master "$SPARK_HOME/bin/spark-class" $class.master.Master --host 127.0.0.1 --port "$master_port" --webui-port 0
        cluster_wait master "I have been elected leader"
    fi
    for worker in worker1 worker2; do
        if [ -e "$cluster/$worker.pid" ]; then continue; fi
        cluster_process $worker "$SPARK_HOME/bin/spark-class" $class.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 1 --memory 2g \
            --work-dir "$cluster/$worker" "spark://127.0.0.1:$master_port"
    done
    for worker in worker1 worker2; do cluster_wait $worker "Successfully registered with master"; done
    if [ ! -e "$cluster/connect.pid" ]; then
        # Here it is the memory of the driver.
        SPARK_DAEMON_MEMORY=1500m cluster_process connect "$SPARK_HOME/bin/spark-submit" --master "spark://127.0.0.1:$master_port" --name virsis \
            --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal
        cluster_wait connect "Spark Connect server started"
    fi
}

# Every process that it started, children first.
cluster_stop() {
    local name pid
    if [ $# -eq 0 ]; then set -- connect worker1 worker2 master; fi
    for name in "$@"; do
        if [ ! -e "$cluster/$name.pid" ]; then continue; fi
        pid=$(cat "$cluster/$name.pid")
        # shellcheck disable=SC2046
        kill -9 $(descendants "$pid") "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
        rm -f "$cluster/$name.pid"
    done
}

descendants() {
    local child
    for child in $(pgrep -P "$1"); do
        descendants "$child"
        echo "$child"
    done
}

executors() {
    local worker
    for worker in worker1 worker2; do
        if [ -e "$cluster/$worker.pid" ]; then descendants "$(cat "$cluster/$worker.pid")"; fi
    done | while read -r pid; do
        if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q CoarseGrainedExecutorBackend; then echo "$pid"; fi
    done
}

cluster_ticks() {
    local root pid total=0
    for root in $(cat "$cluster"/*.pid); do
        for pid in $root $(descendants "$root"); do
            total=$((total + $(awk '{ print $14 + $15 }' "/proc/$pid/stat" 2>/dev/null || echo 0)))
        done
    done
    echo "$total"
}
