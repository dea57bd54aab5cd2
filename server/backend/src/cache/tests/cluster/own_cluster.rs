//! A Redis cluster of one test.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// How many slots a cluster has.
const SLOTS: u32 = 16_384;
const NODES: u32 = 3;

/// Three nodes without replicas, each with a third of the slots; gone with the test.
pub(super) struct OwnCluster {
    nodes: Vec<Node>,
}

struct Node {
    server: Child,
    port: u16,
    /// Where the nodes talk to each other.
    bus: u16,
    _folder: TempDir,
}

impl OwnCluster {
    /// Starts one, empty, and waits until its nodes know each other.
    pub(super) async fn start() -> Self {
        let cluster = OwnCluster { nodes: (0..NODES).map(|_| Node::start()).collect() };
        for (node, number) in cluster.nodes.iter().zip(0..) {
            let (first, last) = (SLOTS * number / NODES, SLOTS * (number + 1) / NODES - 1);
            node.ask(&["cluster", "addslotsrange", &first.to_string(), &last.to_string()]);
            let others = cluster.nodes.iter().filter(|other| other.port != node.port);
            for other in others {
                node.ask(&["cluster", "meet", "127.0.0.1", &other.port.to_string(), &other.bus.to_string()]);
            }
        }
        while !cluster.nodes.iter().all(Node::is_ready) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        cluster
    }

    /// What to connect to; from one node the client learns of the others.
    pub(super) fn url(&self) -> String {
        format!("redis-cluster://127.0.0.1:{}", self.nodes[0].port)
    }

    /// The nodes, as if each were a Redis of its own.
    pub(super) fn urls_of_nodes(&self) -> Vec<String> {
        self.nodes.iter().map(|node| format!("redis://127.0.0.1:{}", node.port)).collect()
    }

    /// How many keys each node has.
    pub(super) fn keys_per_node(&self) -> Vec<u32> {
        self.nodes.iter().map(|node| node.ask(&["dbsize"]).parse().unwrap()).collect()
    }

    /// Has another node take over the slot of `key`, with all that is in it.
    pub(super) fn move_slot_of(&self, key: &str) {
        let slot = self.nodes[0].ask(&["cluster", "keyslot", key]);
        let keys = |node: &Node| node.ask(&["cluster", "getkeysinslot", &slot, "100"]);
        let from = self.nodes.iter().find(|node| !keys(node).is_empty()).expect("some node has the keys");
        let to = self.nodes.iter().find(|node| node.port != from.port).expect("there are others");
        let (from_id, to_id) = (from.ask(&["cluster", "myid"]), to.ask(&["cluster", "myid"]));

        to.ask(&["cluster", "setslot", &slot, "importing", &from_id]);
        from.ask(&["cluster", "setslot", &slot, "migrating", &to_id]);
        for key in keys(from).lines() {
            from.ask(&["migrate", "127.0.0.1", &to.port.to_string(), key, "0", "5000"]);
        }
        for node in [to, from] {
            node.ask(&["cluster", "setslot", &slot, "node", &to_id]);
        }
    }
}

impl Node {
    fn start() -> Self {
        let [port, bus] = free_ports();
        let folder = tempfile::tempdir().unwrap();
        let server = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--cluster-port", &bus.to_string()])
            .args(["--cluster-enabled", "yes", "--save", "", "--appendonly", "no", "--dir"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is there; `make test` installs it");
        let node = Node { server, port, bus, _folder: folder };
        while node.ask(&["ping"]) != "PONG" {
            std::thread::yield_now();
        }
        node
    }

    fn is_ready(&self) -> bool {
        let info = self.ask(&["cluster", "info"]);
        ["cluster_state:ok", "cluster_slots_ok:16384", "cluster_known_nodes:3"].iter().all(|line| info.contains(line))
    }

    fn ask(&self, words: &[&str]) -> String {
        let mut command = Command::new("redis-cli");
        let output = command.args(["-p", &self.port.to_string()]).args(words).stderr(Stdio::null()).output();
        let output = output.expect("redis-cli is there; `make test` installs it");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Two ports that are free now are free in a moment, too: nobody else is given them so soon.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}
