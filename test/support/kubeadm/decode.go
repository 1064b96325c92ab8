// decode turns Kubernetes objects from protobuf, which kubeadm sends, into JSON, without defaulting or conversion.
// It reads frames (four bytes of length, big endian, then the object) and writes one line of JSON for each.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	if err := decodeAll(bufio.NewReader(os.Stdin), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "decode:", err)
		os.Exit(1)
	}
}

func decodeAll(input io.Reader, output io.Writer) error {
	decoder := scheme.Codecs.UniversalDeserializer()
	for {
		frame, err := readFrame(input)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		object, _, err := decoder.Decode(frame, nil, nil)
		if err != nil {
			return err
		}
		text, err := json.Marshal(object)
		if err != nil {
			return err
		}
		if _, err := output.Write(append(text, '\n')); err != nil {
			return err
		}
	}
}

func readFrame(input io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(input, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	frame := make([]byte, length)
	_, err := io.ReadFull(input, frame)
	return frame, err
}
