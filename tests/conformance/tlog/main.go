// Reads a log of ours with the Go authors' own code: golang.org/x/mod/sumdb/{note,tlog}.
//
//	oracle mirror DIR VKEY   verifies a mirrored log: checkpoint, tiles, every entry
//	oracle trees             reads tree sizes from standard input, answers roots and proofs
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	log.SetFlags(0)
	if os.Args[1] == "trees" {
		trees()
		return
	}
	mirror(os.Args[2], os.Args[3])
}

// dirReader reads tiles as C2SP tlog-tiles names them, which is tlog's own way without the height.
type dirReader struct{ dir string }

func (d dirReader) Height() int                         { return 8 }
func (d dirReader) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (d dirReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(d.dir, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func mirror(dir, vkey string) {
	verifier, err := note.NewVerifier(vkey)
	check(err)
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	check(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	var size int64
	_, err = fmt.Sscan(lines[1], &size)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	tree := tlog.Tree{N: size, Hash: root}
	// Whatever it reads, it proves to be under the tree's root first.
	hashes := tlog.TileHashReader(tree, dirReader{dir})
	var indexes []int64
	for i := int64(0); i < size; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, i))
	}
	leaves, err := hashes.ReadHashes(indexes)
	check(err)
	for i, record := range entries(dir, size) {
		if tlog.RecordHash(record) != leaves[i] {
			log.Fatalf("entry %d has another hash than its tile", i)
		}
	}
	fmt.Printf("%s %d %s\n", lines[0], size, root)
}

func entries(dir string, size int64) [][]byte {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := int(size - n*256)
		if width > 256 {
			width = 256
		}
		path := strings.Replace(tlog.Tile{H: 8, L: -1, N: n, W: width}.Path(), "tile/8/data", "tile/entries", 1)
		data, err := os.ReadFile(filepath.Join(dir, path))
		check(err)
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:2+length])
			data = data[2+length:]
		}
	}
	if int64(len(all)) != size {
		log.Fatalf("%d entries of %d", len(all), size)
	}
	return all
}

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, i := range indexes {
		all = append(all, m[i])
	}
	return all, nil
}

// trees answers, for each line `size old leaf salt`, the root of the tree whose leaves are `salt/i`, its
// proof of that leaf and its proof that it begins with the tree of the old size.
func trees() {
	scanner := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for scanner.Scan() {
		var size, old, leaf int64
		var salt string
		_, err := fmt.Sscan(scanner.Text(), &size, &old, &leaf, &salt)
		check(err)
		var stored memory
		for i := int64(0); i < size; i++ {
			more, err := tlog.StoredHashes(i, []byte(fmt.Sprintf("%s/%d", salt, i)), stored)
			check(err)
			stored = append(stored, more...)
		}
		root, err := tlog.TreeHash(size, stored)
		check(err)
		record, err := tlog.ProveRecord(size, leaf, stored)
		check(err)
		growth, err := tlog.ProveTree(size, old, stored)
		check(err)
		fmt.Fprintf(out, "%s %s %s\n", root, texts(record), texts(growth))
	}
	check(scanner.Err())
}

func texts(hashes []tlog.Hash) string {
	var all []string
	for _, h := range hashes {
		all = append(all, base64.StdEncoding.EncodeToString(h[:]))
	}
	return strings.Join(all, ",") + "."
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
