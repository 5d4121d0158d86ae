package library

import (
	"archive/zip"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Cache returns the folder for the sources of all versions, which need not exist: systrap
// in the user's cache.
func Cache() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the library's sources (%w); XDG_CACHE_HOME=FOLDER names one", err)
	}
	return filepath.Join(dir, "systrap"), nil
}

// Dir is the folder of the sources in a cache.
func (s *Sources) Dir(cache string) string { return filepath.Join(cache, s.ID) }

// Unpack has the sources in their folder of the cache, complete and unchanged, and says whether it
// had to write them. Others may do the same meanwhile: what appears is a whole folder.
func (s *Sources) Unpack(cache string) (written bool, err error) {
	dir := s.Dir(cache)
	if s.verify(dir) == nil {
		return false, nil
	}
	if err := s.write(cache); err != nil {
		return false, fmt.Errorf("the library's sources cannot be unpacked (%w); XDG_CACHE_HOME=FOLDER names another cache", err)
	}
	return true, s.verify(dir)
}

// write unpacks to a folder of another name and then gives it its own.
func (s *Sources) write(cache string) error {
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(cache, "."+s.ID+"-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	whole := filepath.Join(tmp, "whole")
	for _, f := range s.zip.File {
		if err := extract(f, filepath.Join(whole, filepath.FromSlash(f.Name))); err != nil {
			return err
		}
	}
	dir := s.Dir(cache)
	if os.Rename(whole, dir) == nil {
		return nil
	}
	// There is one that somebody has changed, or that another systrap has written just now.
	if s.verify(dir) == nil {
		return nil
	}
	if err := os.Rename(dir, filepath.Join(tmp, "damaged")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(whole, dir); err != nil && s.verify(dir) != nil {
		return err
	}
	return nil
}

// extract writes one file, which is not to be edited: it belongs to every module that uses it.
func extract(f *zip.File, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, text, 0o444); err != nil {
		return err
	}
	return os.Chmod(to, 0o444) // whatever the umask
}

// verify says what in dir is not as in the sources.
func (s *Sources) verify(dir string) error {
	var want []string
	for _, f := range s.zip.File {
		want = append(want, filepath.FromSlash(f.Name))
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Name)))
		if err != nil {
			return err
		}
		if uint64(len(text)) != f.UncompressedSize64 || crc32.ChecksumIEEE(text) != f.CRC32 {
			return fmt.Errorf("%s: changed", filepath.Join(dir, f.Name))
		}
	}
	return filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimPrefix(path, dir+string(filepath.Separator))
		if _, ok := slices.BinarySearch(want, name); !ok {
			return fmt.Errorf("%s: not ours", path)
		}
		return nil
	})
}
