package e2e

import (
	"os"
	"os/exec"
	"testing"
)

// TestSshd logs in to a server, whose sandbox before the login lets neither rt_sigreturn(2) nor a file grow and
// kills for every call it does not know. The server is started by its client (sshd -i): no port is shared with
// whatever else runs on the machine. SHLVL keeps bash from root's own .bashrc.
func TestSshd(t *testing.T) {
	needMachine(t, "root")
	need(t, "/usr/sbin/sshd", "ssh", "ssh-keygen")
	// The sandbox's root; it is there where the server has been started by init.
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		t.Skipf("no directory for privilege separation: %v", err)
	}
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", t.TempDir()+"/key").CombinedOutput(); err != nil {
		t.Skipf("ssh-keygen: %v: %s", err, out)
	}
	program{name: "sshd", script: `
umask 077
for k in id host; do ssh-keygen -q -t ed25519 -N '' -f $k; done
cp id.pub authorized
cat > config <<EOF
HostKey $PWD/host
AuthorizedKeysFile $PWD/authorized
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PrintLastLog no
SetEnv SHLVL=5
EOF
# ssh sends its command a SIGHUP at its end: the server, which is not to die of it, is a child of that.
cat > server.sh <<EOF
trap '' HUP
/usr/sbin/sshd -i -e -f $PWD/config 2>>server
: > ended
EOF
login() {
	ssh -F /dev/null -i id -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		-o BatchMode=yes -o "ProxyCommand=bash server.sh" root@self "$@"
	local status=$? i
	for i in $(seq 1000); do [ -e ended ] && break; sleep 0.05; done
	rm -f ended
	return $status
}
for i in 1 2 3; do login "echo in $i; id -u; exit $i"; echo "status $?"; done
echo data | login 'cat; cat /etc/hostname | wc -l'
# A key that the server does not know.
ssh-keygen -q -t ed25519 -N '' -f other; cp other.pub authorized
login true 2>/dev/null; echo "status $?"
rm -f id id.pub host host.pub other other.pub authorized config server server.sh`, exes: []string{"sshd", "ssh"}}.runAs(t)
}
