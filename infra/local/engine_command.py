"""The command that runs a node, and the one of its supervisor around it."""

from __future__ import annotations

import pwd
import sys

from infra.local import engine_supervisor
from infra.local.engine_files import Installation
from infra.local.engine_home import Home

# What bin/opensearch would pass, after starting two or three more JVMs to find it out; and ICU as the locale provider.
JAVA_OPTIONS = (
    "-Djava.locale.providers=SPI,CLDR",
    "-Dopensearch.networkaddress.cache.ttl=60",
    "-Dopensearch.networkaddress.cache.negative.ttl=10",
    "-Djna.nosys=true",
    "-Dio.netty.noUnsafe=true",
    "-Dlog4j2.disable.jmx=true",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dopensearch.distribution.type=zip",
    "-Dopensearch.bundled_jdk=false",
)
# Class data beside a Java agent is still called diagnostic; what Java tells about it would bury a node's last words.
ARCHIVE_OPTIONS = ("-XX:+UnlockDiagnosticVMOptions", "-XX:+AllowArchivingWithJavaAgent", "-Xlog:cds*=off,aot*=off")


def supervised_command(
    installation: Installation, home: Home, user: pwd.struct_passwd | None, heap: str, *, archived: bool
) -> list[str]:
    """Build the command that runs a node in `home` as `user` (None: as ourselves) under supervision.

    `archived` uses the class data that is there; otherwise the node writes it when it stops.
    """
    command = [sys.executable, "-I", "-S", engine_supervisor.__file__, "--home", str(home.path)]
    if user:
        command += ["--user", user.pw_name]
    if archived:
        return [*command, "--", *_node(installation, home, heap, f"-XX:SharedArchiveFile={installation.archive}")]
    written = home.temporary / "classes.jsa"
    command += ["--archive", str(written), str(installation.archive)]
    return [*command, "--", *_node(installation, home, heap, f"-XX:ArchiveClassesAtExit={written}")]


def _node(installation: Installation, home: Home, heap: str, archive: str) -> list[str]:
    # Paths are absolute, or the agent would not be found; the jars are sorted, because class data holds for one order.
    jars = sorted((installation.node / "lib").glob("*.jar"))
    return [
        str(installation.java),
        f"-Xms{heap}",
        f"-Xmx{heap}",
        "-XX:-UsePerfData",
        f"-XX:ErrorFile={home.temporary / 'java-error.log'}",
        *ARCHIVE_OPTIONS,
        archive,
        *JAVA_OPTIONS,
        f"-Djava.io.tmpdir={home.temporary}",
        f"-Djna.tmpdir={home.temporary}",
        f"-javaagent:{installation.node / 'agent' / 'opensearch-agent.jar'}",
        f"-Dopensearch.path.home={installation.node}",
        f"-Dopensearch.path.conf={home.path / 'config'}",
        "-cp",
        ":".join(map(str, jars)),
        "org.opensearch.bootstrap.OpenSearch",
    ]
