"""Pure decisions about evidence: what a file is, what a caption lacks, how a name is made safe."""
