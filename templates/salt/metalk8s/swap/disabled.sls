swapoff --all:
  cmd.run:
    - onlyif:
      - fun: mount.swaps

# Whatever asks for swap at boot, be it fstab, a partition or zram, does it through this target.
swap.target:
  service.masked: []
