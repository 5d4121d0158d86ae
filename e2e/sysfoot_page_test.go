package e2e

import (
	"bytes"
	"context"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestRuntimesFootPage: the page of systrap foot --html in a real browser: it needs nothing but itself, shows each range, filters by call and
// thread, and says which call a mark is of. A screenshot is left in build/tests.
func TestRuntimesFootPage(t *testing.T) {
	if os.Getenv(slowRuntimes) == "" {
		t.Skip("a browser is run by make runtimes")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed (e2e/packages-runtimes.txt names its Debian package)")
	}
	if _, err := sysfootLib(); err != nil {
		t.Fatal(err)
	}
	need(t, "sh", "ls")
	dir := t.TempDir()
	page, log := filepath.Join(dir, "page.html"), filepath.Join(dir, "log")
	cmd := exec.Command(filepath.Join(filepath.Dir(tracerCommand(t)), "systrap"), "foot", "-f", "--html", page, "-o", log, "--",
		"sh", "-c", `ls -l / | wc -l; echo "</script><b>" >/dev/null`)
	cmd.Dir, cmd.Env = dir, fixedEnv(dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	trace, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	// What the page must show, from the trace.
	all, reads, ofThread, thread := 0, 0, 0, 0
	for _, c := range readFootJSON(t, string(trace)) {
		for _, r := range c.Ranges {
			if thread == 0 {
				thread = c.Tid
			}
			if r.Dir == "maps" {
				continue // not at first
			}
			all++
			if c.Call == "read" {
				reads++
			}
			if c.Tid == thread {
				ofThread++
			}
		}
	}
	if strings.Count(string(text), "</script>") != 1 {
		t.Error("a text of the trace ends the page's script")
	}
	if m := regexp.MustCompile(`(?i)(src|href)=|url\(|https?://|@import|fetch\(`).Find(bytes.Split(text, []byte("const data"))[0]); m != nil {
		t.Errorf("the page asks for something: %s", m)
	}
	// A script behind it does what a user does, and leaves what came of it.
	const user = `<script>
const box = $("picture").getBoundingClientRect(), [x, y, h] = marks[marks.length - 1];
$("picture").dispatchEvent(new MouseEvent("mousemove", {clientX: box.left + x + 1.5, clientY: box.top + y + h / 2}));
const found = {tip: $("tip").style.display + " " + $("tip").textContent, all: $("count").dataset.shown};
$("call").selectedIndex = [...$("call").options].findIndex(o => o.text === "read");
$("filters").dispatchEvent(new Event("change"));
found.read = $("count").dataset.shown; found.hash = location.hash; found.bands = bands.length;
document.body.append(Object.assign(document.createElement("samp"), {textContent: JSON.stringify(found)}));
</script>`
	driven := filepath.Join(dir, "driven.html")
	if err := os.WriteFile(driven, append(text, user...), 0o644); err != nil {
		t.Fatal(err)
	}
	dom := chromium(t, dir, "--dump-dom", "file://"+driven)
	m := regexp.MustCompile(`<samp>(.*?)</samp>`).FindStringSubmatch(dom)
	if m == nil {
		t.Fatalf("the script did not run:\n%.2000s", dom[max(0, len(dom)-2000):])
	}
	found := html.UnescapeString(m[1])
	for _, want := range []string{
		`"all":"` + strconv.Itoa(all) + `"`, `"read":"` + strconv.Itoa(reads) + `"`, `"hash":"#call=read"`, `"tip":"block `, `exit_group(`,
	} {
		if !strings.Contains(found, want) {
			t.Errorf("no %s in %s", want, found)
		}
	}
	// A view is in the address.
	dom = chromium(t, dir, "--dump-dom", "file://"+page+"#show=0&thread="+strconv.Itoa(thread))
	if want := `data-shown="` + strconv.Itoa(ofThread) + `"`; !strings.Contains(dom, want) || !strings.Contains(dom, `data-ready="true"`) {
		t.Errorf("no %s for thread %d", want, thread)
	}
	shot, err := filepath.Abs("../build/tests/foot-page.png")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(shot), 0o755); err != nil {
		t.Fatal(err)
	}
	os.Remove(shot)
	chromium(t, dir, "--window-size=1200,1000", "--screenshot="+shot, "file://"+page)
	if info, err := os.Stat(shot); err != nil || info.Size() < 10_000 {
		t.Errorf("no screenshot: %v", err)
	} else {
		t.Logf("screenshot: %s", shot)
	}
}

// chromium runs the browser without a screen and returns its output.
func chromium(t *testing.T, dir string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "chromium", append([]string{"--headless", "--no-sandbox", "--disable-gpu",
		"--user-data-dir=" + filepath.Join(dir, "profile")}, args...)...)
	cmd.Env = fixedEnv(dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("chromium %q: %v\n%s", args, err, errs.String())
	}
	return out.String()
}
