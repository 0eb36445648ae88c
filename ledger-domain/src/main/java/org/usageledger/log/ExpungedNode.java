package org.usageledger.log;

/** The node that appends was expunged: others took it for dead, and it must not change anything any more. */
final class ExpungedNode extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String node;

    ExpungedNode(String node) {
        super("node " + node + " was expunged");
        this.node = node;
    }

    /** What operators are to do. */
    String says() {
        return "node " + node
                + " was expunged and records nothing any more: start this service under another node name";
    }

    String node() {
        return node;
    }
}
