// Command crictl asks a container runtime over its CRI socket what runs there. It stands in for the program of the Kubernetes project's
// cri-tools, whose source no registry serves: the commands that look, by the same names and with the same flags, and none that change.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

var version = "unknown"

const idLength = 13

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "crictl:", err)
		os.Exit(1)
	}
}

// asker is what a command is given: the runtime, and how and where to answer.
type asker struct {
	runtime cri.RuntimeServiceClient
	images  cri.ImageServiceClient
	all     bool
	json    bool
	out     io.Writer
}

var commands = map[string]func(context.Context, asker) error{
	"version": showVersion,
	"info":    showInfo,
	"ps":      listContainers,
	"pods":    listPods,
	"images":  listImages,
}

func run(args []string, out io.Writer) error {
	global := flag.NewFlagSet("crictl", flag.ContinueOnError)
	endpoint := global.String("runtime-endpoint", "unix:///run/containerd/containerd.sock", "address of the runtime's CRI socket")
	timeout := global.Duration("timeout", 10*time.Second, "how long to wait for the runtime")
	showOwn := global.Bool("version", false, "tell the version of crictl and end")
	if err := global.Parse(args); err != nil {
		return err
	}
	if *showOwn {
		fmt.Fprintln(out, "crictl version v"+version)
		return nil
	}
	name := global.Arg(0)
	command, known := commands[name]
	if !known {
		return fmt.Errorf("no command %q: there are version, info, ps, pods and images", name)
	}
	own := flag.NewFlagSet(name, flag.ContinueOnError)
	all := own.Bool("a", false, "those that have ended, too")
	format := own.String("o", "table", "table or json")
	if err := own.Parse(global.Args()[1:]); err != nil {
		return err
	}
	if *format != "table" && *format != "json" {
		return errors.New("-o takes table or json")
	}
	connection, err := grpc.NewClient(*endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()
	return command(ctx, asker{
		runtime: cri.NewRuntimeServiceClient(connection),
		images:  cri.NewImageServiceClient(connection),
		all:     *all,
		json:    *format == "json",
		out:     out,
	})
}

func showVersion(ctx context.Context, a asker) error {
	answer, err := a.runtime.Version(ctx, &cri.VersionRequest{})
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(answer)
	}
	fmt.Fprintf(a.out, "Version:  %s\nRuntimeName:  %s\nRuntimeVersion:  %s\nRuntimeApiVersion:  %s\n",
		answer.Version, answer.RuntimeName, answer.RuntimeVersion, answer.RuntimeApiVersion)
	return nil
}

// showInfo answers in JSON always, as the original does.
func showInfo(ctx context.Context, a asker) error {
	answer, err := a.runtime.Status(ctx, &cri.StatusRequest{})
	if err != nil {
		return err
	}
	return a.writeJSON(answer)
}

func listContainers(ctx context.Context, a asker) error {
	filter := &cri.ContainerFilter{}
	if !a.all {
		filter.State = &cri.ContainerStateValue{State: cri.ContainerState_CONTAINER_RUNNING}
	}
	answer, err := a.runtime.ListContainers(ctx, &cri.ListContainersRequest{Filter: filter})
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(answer)
	}
	rows := [][]string{{"CONTAINER", "IMAGE", "STATE", "NAME", "POD ID"}}
	for _, each := range answer.Containers {
		image := each.GetImage().GetUserSpecifiedImage()
		if image == "" {
			image = each.ImageRef
		}
		rows = append(rows, []string{short(each.Id), image, each.State.String(), each.GetMetadata().GetName(), short(each.PodSandboxId)})
	}
	return a.writeTable(rows)
}

func listPods(ctx context.Context, a asker) error {
	answer, err := a.runtime.ListPodSandbox(ctx, &cri.ListPodSandboxRequest{})
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(answer)
	}
	rows := [][]string{{"POD ID", "STATE", "NAME", "NAMESPACE"}}
	for _, each := range answer.Items {
		rows = append(rows, []string{short(each.Id), each.State.String(), each.GetMetadata().GetName(), each.GetMetadata().GetNamespace()})
	}
	return a.writeTable(rows)
}

func listImages(ctx context.Context, a asker) error {
	answer, err := a.images.ListImages(ctx, &cri.ListImagesRequest{})
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(answer)
	}
	rows := [][]string{{"IMAGE", "IMAGE ID", "SIZE"}}
	for _, each := range answer.Images {
		for _, tag := range each.RepoTags {
			rows = append(rows, []string{tag, short(each.Id), fmt.Sprint(each.Size)})
		}
	}
	return a.writeTable(rows)
}

func (a asker) writeJSON(message proto.Message) error {
	text, err := protojson.MarshalOptions{EmitUnpopulated: true}.Marshal(message)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.out, string(text))
	return err
}

func (a asker) writeTable(rows [][]string) error {
	table := tabwriter.NewWriter(a.out, 0, 8, 3, ' ', 0)
	for _, row := range rows {
		for _, cell := range row {
			fmt.Fprint(table, cell, "\t")
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}

func short(id string) string {
	if len(id) > idLength {
		return id[:idLength]
	}
	return id
}
