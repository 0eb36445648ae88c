package org.usageledger.api.foundation;

/** How large something runs. */
record Size(int instances, int memoryMb) {
    Size withInstances(int count) {
        return new Size(count, memoryMb);
    }

    Size withMemory(int mebibytes) {
        return new Size(instances, mebibytes);
    }
}
